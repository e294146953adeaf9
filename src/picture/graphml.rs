//! The graph in GraphML, for Gephi, yEd, Cytoscape, igraph and NetworkX.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::export::{self, Attributes, OF_EDGES, OF_NODES, Value};
use super::svg::allowed;
use crate::Organization;
use crate::outcome::Summary;

impl Organization {
    /// The dependency graph in GraphML, with the figures of a summary, where one is given, as data of nodes and edges.
    ///
    /// ```
    /// use ripple_effect::Organization;
    /// let shop = Organization::builder("Shop")
    ///     .employee("Ana", |e| e.provides("stock list", 2.0))
    ///     .customer("Guests", |c| c.promise(4.0))
    ///     .serves("Ana", "Guests", "stock list")
    ///     .build()?;
    /// let summary = shop.simulate()?.replications(500).run()?.summary();
    /// assert!(shop.to_graphml(Some(&summary)).contains("perfect"));
    /// # Ok::<(), ripple_effect::Error>(())
    /// ```
    #[must_use]
    pub fn to_graphml(&self, summary: Option<&Summary>) -> String {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        // Writing into memory does not fail.
        let _ = write(&mut writer, self, summary);
        let mut text = String::from_utf8(writer.into_inner()).unwrap_or_default();
        text.push('\n');
        text
    }
}

fn write(writer: &mut Writer<Vec<u8>>, organization: &Organization, summary: Option<&Summary>) -> std::io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let root = writer.create_element("graphml").with_attribute(("xmlns", "http://graphml.graphdrawing.org/xmlns"));
    root.write_inner_content(|writer| {
        for (of, letter, names) in [("node", 'n', &OF_NODES[..]), ("edge", 'e', &OF_EDGES[..])] {
            for (name, kind) in names {
                let key = format!("{letter}_{name}");
                let attributes = [("id", key.as_str()), ("for", of), ("attr.name", name), ("attr.type", kind)];
                writer.create_element("key").with_attributes(attributes).write_empty()?;
            }
        }
        let graph =
            writer.create_element("graph").with_attributes([("id", "organisation"), ("edgedefault", "directed")]);
        graph.write_inner_content(|writer| {
            for (index, attributes) in export::nodes(organization, summary).iter().enumerate() {
                let node = writer.create_element("node").with_attribute(("id", format!("n{index}").as_str()));
                node.write_inner_content(|writer| data(writer, 'n', attributes))?;
            }
            for (from, to, attributes) in export::edges(organization, summary) {
                let (from, to) = (format!("n{from}"), format!("n{to}"));
                let ends = [("source", from.as_str()), ("target", to.as_str())];
                let edge = writer.create_element("edge").with_attributes(ends);
                edge.write_inner_content(|writer| data(writer, 'e', &attributes))?;
            }
            Ok(())
        })?;
        Ok(())
    })?;
    Ok(())
}

fn data(writer: &mut Writer<Vec<u8>>, letter: char, attributes: &Attributes) -> std::io::Result<()> {
    for (name, value) in attributes {
        let text = match value {
            Value::Text(text) => allowed(text),
            Value::Number(number) => number.to_string(),
            Value::Whole(number) => number.to_string(),
        };
        let key = format!("{letter}_{name}");
        writer
            .create_element("data")
            .with_attribute(("key", key.as_str()))
            .write_text_content(BytesText::new(&text))?;
    }
    Ok(())
}
