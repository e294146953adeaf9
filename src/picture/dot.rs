//! The graph in DOT, for Graphviz and whatever else reads it.
//!
//! By hand: petgraph's `Dot` escapes labels, but knows no groups and no further attributes.

use std::collections::BTreeMap;

use super::export::{self, Attributes, Value};
use crate::Organization;
use crate::outcome::Summary;

impl Organization {
    /// The dependency graph in DOT: departments as clusters, customers as ellipses, dependencies of earlier rounds dashed;
    /// with the figures of a summary, where one is given, as attributes of nodes and edges.
    ///
    /// ```
    /// use ripple_effect::Organization;
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Guests", "stock list")
    ///     .build()?;
    /// assert!(shop.to_dot(None).contains("n0 -> n1"));
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    #[must_use]
    pub fn to_dot(&self, summary: Option<&Summary>) -> String {
        let mut text = format!("digraph {} {{\n  rankdir=LR;\n  node [shape=box];\n", quoted(&self.description().name));
        let mut clusters: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
        for (index, attributes) in export::nodes(self, summary).into_iter().enumerate() {
            let department = attributes.iter().find_map(|(name, value)| match value {
                Value::Text(text) if *name == "department" => Some(text.clone()),
                _ => None,
            });
            let is_customer = attributes.contains(&("kind", Value::Text("customer".into())));
            let shape = if is_customer { ", shape=ellipse" } else { "" };
            clusters.entry(department).or_default().push(format!("n{index} [{}{shape}];\n", written(&attributes)));
        }
        for (number, (department, nodes)) in clusters.into_iter().enumerate() {
            match department {
                Some(name) => {
                    text.push_str(&format!("  subgraph cluster_{number} {{\n    label={};\n", quoted(&name)));
                    nodes.iter().for_each(|node| text.push_str(&format!("    {node}")));
                    text.push_str("  }\n");
                }
                None => nodes.iter().for_each(|node| text.push_str(&format!("  {node}"))),
            }
        }
        for (from, to, attributes) in export::edges(self, summary) {
            let lagged = attributes.iter().any(|(_, value)| matches!(value, Value::Whole(lag) if *lag > 0));
            let style = if lagged { ", style=dashed" } else { "" };
            text.push_str(&format!("  n{from} -> n{to} [{}{style}];\n", written(&attributes)));
        }
        text.push_str("}\n");
        text
    }
}

fn written(attributes: &Attributes) -> String {
    let one = |(name, value): &(&str, Value)| match value {
        Value::Text(text) => format!("{name}={}", quoted(text)),
        Value::Number(number) => format!("{name}=\"{number}\""),
        Value::Whole(number) => format!("{name}={number}"),
    };
    attributes.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// In quotes, as the DOT grammar wants it; Graphviz reads a backslash before most letters as a command.
fn quoted(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
