//! Where boxes and lines go: layers from left to right (Sugiyama, Tagawa & Toda 1981).
//!
//! Boxes stand in the layer after their last provider (the longest path); lines that pass a layer hold a place in it, so
//! that none runs through a box. Orders within layers come from barycentres, the best of a fixed number of sweeps; heights from
//! least squares under the order (pool adjacent violators, Barlow et al. 1972). Nothing is random: the same graph is always
//! laid out the same way.
//!
//! `layout-rs` 0.1.3 was tried first. It laid its customers out anywhere, drew lines through boxes, took a second for 151
//! lines, and asserts what a user's input can break.

/// A line from one box to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrow {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Whether it decides about layers: work of the same round.
    pub(super) ranks: bool,
}

/// How much room things take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    pub(super) box_width: f64,
    pub(super) box_height: f64,
    pub(super) between_boxes: f64,
    pub(super) between_lines: f64,
    /// Between layers, at least.
    pub(super) gap: f64,
}

#[derive(Debug)]
pub(super) struct Laid {
    /// The middle of the left edge of each box.
    pub(super) boxes: Vec<(f64, f64)>,
    /// Points of each arrow from its provider to its receiver.
    pub(super) arrows: Vec<Vec<(f64, f64)>>,
    pub(super) width: f64,
    pub(super) height: f64,
}

const SWEEPS: usize = 24;

/// Lays out; boxes of `last` stand in the last layer. O(sweeps * (boxes + arrows * layers) * log).
pub(super) fn lay_out(boxes: usize, last: &[bool], arrows: &[Arrow], room: Room) -> Laid {
    let layer = layers(boxes, last, arrows);
    let mut grid = Grid::new(boxes, &layer, arrows);
    grid.order();
    grid.place(room)
}

/// The layer of each box: after the last of its providers, arrows that close a circle left out.
fn layers(boxes: usize, last: &[bool], arrows: &[Arrow]) -> Vec<usize> {
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); boxes];
    for arrow in arrows.iter().filter(|arrow| arrow.ranks && arrow.from != arrow.to) {
        out[arrow.from].push(arrow.to);
    }
    // A walk in depth gives an order in which every arrow that closes no circle points forward.
    let mut state = vec![0u8; boxes];
    let mut finished = Vec::with_capacity(boxes);
    for root in 0..boxes {
        let mut path = vec![(root, 0)];
        if state[root] != 0 {
            continue;
        }
        state[root] = 1;
        while let Some((node, next)) = path.last_mut() {
            match out[*node].get(*next) {
                Some(&to) => {
                    *next += 1;
                    if state[to] == 0 {
                        state[to] = 1;
                        path.push((to, 0));
                    }
                }
                None => {
                    state[*node] = 2;
                    finished.push(*node);
                    path.pop();
                }
            }
        }
    }
    finished.reverse();
    let mut place = vec![0; boxes];
    for (index, &node) in finished.iter().enumerate() {
        place[node] = index;
    }
    let mut layer = vec![0usize; boxes];
    for &node in &finished {
        for &to in out[node].iter().filter(|&&to| place[to] > place[node]) {
            layer[to] = layer[to].max(layer[node] + 1);
        }
    }
    // Whoever waits for nobody stands just before the first who needs them.
    for &node in finished.iter().rev() {
        let is_first = !arrows.iter().any(|a| a.ranks && a.to == node && a.from != node);
        let nearest = out[node].iter().filter(|&&to| place[to] > place[node]).map(|&to| layer[to]).min();
        if let (true, Some(nearest)) = (is_first && !last[node], nearest) {
            layer[node] = nearest - 1;
        }
    }
    let others = (0..boxes).filter(|&node| !last[node]).map(|node| layer[node]).max();
    let end = others.map_or(0, |others| others + 1);
    for node in (0..boxes).filter(|&node| last[node]) {
        layer[node] = end;
    }
    layer
}

/// Boxes first, then the places that lines hold in the layers they pass.
struct Grid {
    boxes: usize,
    layer: Vec<usize>,
    /// Nodes of each layer, from the top.
    rows: Vec<Vec<usize>>,
    left: Vec<Vec<usize>>,
    right: Vec<Vec<usize>>,
    /// For each arrow, what it passes from left to right, its two boxes included; and whether it runs backward.
    routes: Vec<(Vec<usize>, bool)>,
}

impl Grid {
    fn new(boxes: usize, layer: &[usize], arrows: &[Arrow]) -> Self {
        let mut grid = Self {
            boxes,
            layer: layer.to_vec(),
            rows: Vec::new(),
            left: vec![Vec::new(); boxes],
            right: vec![Vec::new(); boxes],
            routes: Vec::with_capacity(arrows.len()),
        };
        for arrow in arrows {
            let backward = layer[arrow.from] > layer[arrow.to];
            let (a, b) = if backward { (arrow.to, arrow.from) } else { (arrow.from, arrow.to) };
            let mut route = vec![a];
            for passed in layer[a] + 1..layer[b] {
                route.push(grid.layer.len());
                grid.layer.push(passed);
                grid.left.push(Vec::new());
                grid.right.push(Vec::new());
            }
            route.push(b);
            if layer[a] != layer[b] {
                for pair in route.windows(2) {
                    grid.right[pair[0]].push(pair[1]);
                    grid.left[pair[1]].push(pair[0]);
                }
            }
            grid.routes.push((route, backward));
        }
        let count = grid.layer.iter().max().map_or(0, |last| last + 1);
        grid.rows = vec![Vec::new(); count];
        for (node, &layer) in grid.layer.iter().enumerate() {
            grid.rows[layer].push(node);
        }
        grid
    }

    fn positions(&self) -> Vec<f64> {
        let mut position = vec![0.0; self.layer.len()];
        for row in &self.rows {
            for (index, &node) in row.iter().enumerate() {
                position[node] = index as f64 - (row.len() as f64 - 1.0) / 2.0;
            }
        }
        position
    }

    /// Sorts each layer by the mean place of its neighbours, to and fro, and keeps the order with fewest crossings.
    fn order(&mut self) {
        let mut best = (self.crossings(), self.rows.clone());
        for sweep in 0..SWEEPS {
            let rightward = sweep % 2 == 0;
            let count = self.rows.len();
            for step in 1..count {
                let index = if rightward { step } else { count - 1 - step };
                let position = self.positions();
                let sides = if rightward { &self.left } else { &self.right };
                let mean = |node: usize| {
                    let near = &sides[node];
                    if near.is_empty() {
                        position[node]
                    } else {
                        near.iter().map(|&other| position[other]).sum::<f64>() / near.len() as f64
                    }
                };
                let mut row: Vec<(f64, usize)> = self.rows[index].iter().map(|&node| (mean(node), node)).collect();
                row.sort_by(|a, b| a.0.total_cmp(&b.0));
                self.rows[index] = row.into_iter().map(|(_, node)| node).collect();
            }
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.rows.clone());
            }
        }
        self.rows = best.1;
    }

    /// Pairs of lines that cross between two layers (counted over a tree, Barth, Mutzel & Jünger 2004).
    fn crossings(&self) -> usize {
        let position = self.positions();
        let rank = |node: usize, row: &[usize]| (position[node] + (row.len() as f64 - 1.0) / 2.0) as usize;
        let mut count = 0;
        for pair in self.rows.windows(2) {
            let mut tree = vec![0usize; pair[1].len() + 1];
            let mut drawn = 0;
            for &node in &pair[0] {
                let mut ends: Vec<usize> = self.right[node].iter().map(|&to| rank(to, &pair[1])).collect();
                ends.sort_unstable();
                for &end in &ends {
                    let mut at = end + 1;
                    let mut above = 0;
                    while at > 0 {
                        above += tree[at];
                        at &= at - 1;
                    }
                    count += drawn - above;
                }
                for end in ends {
                    let mut at = end + 1;
                    while at < tree.len() {
                        tree[at] += 1;
                        at += at & at.wrapping_neg();
                    }
                    drawn += 1;
                }
            }
        }
        count
    }

    fn place(&self, room: Room) -> Laid {
        let half = |node: usize| if node < self.boxes { room.box_height / 2.0 } else { 0.0 };
        let apart = |above: usize, below: usize| {
            let between =
                if above < self.boxes && below < self.boxes { room.between_boxes } else { room.between_lines };
            half(above) + between + half(below)
        };
        let mut y = vec![0.0; self.layer.len()];
        for row in &self.rows {
            let mut at = 0.0;
            for (index, &node) in row.iter().enumerate() {
                if index > 0 {
                    at += apart(row[index - 1], node);
                }
                y[node] = at;
            }
            row.iter().for_each(|&node| y[node] -= at / 2.0);
        }
        for sweep in 0..SWEEPS {
            let count = self.rows.len();
            for step in 0..count {
                let index = if sweep % 2 == 0 { step } else { count - 1 - step };
                self.settle(&self.rows[index], &mut y, apart);
            }
        }
        let top = (0..y.len()).map(|node| y[node] - half(node)).fold(f64::INFINITY, f64::min);
        let bottom = (0..y.len()).map(|node| y[node] + half(node)).fold(f64::NEG_INFINITY, f64::max);
        let (top, height) = if top.is_finite() { (top, bottom - top) } else { (0.0, 0.0) };
        y.iter_mut().for_each(|y| *y -= top);

        // The more a gap has to carry up and down, the wider it is.
        let mut x = vec![0.0; self.rows.len()];
        for layer in 1..self.rows.len() {
            let steepest = self.rows[layer - 1]
                .iter()
                .flat_map(|&node| self.right[node].iter().map(move |&to| (node, to)))
                .map(|(node, to)| (y[node] - y[to]).abs())
                .fold(0.0, f64::max);
            let gap = (room.gap + steepest / 5.0).min(3.0 * room.gap);
            x[layer] = x[layer - 1] + room.box_width + gap;
        }
        let boxes: Vec<(f64, f64)> = (0..self.boxes).map(|node| (x[self.layer[node]], y[node])).collect();
        let arrows = self.routes(&boxes, &x, &y, room);
        let width = x.last().map_or(0.0, |x| x + room.box_width);
        Laid { boxes, arrows, width, height }
    }

    /// The heights of one layer nearest to the mean heights of their neighbours, in order and far enough apart.
    fn settle(&self, row: &[usize], y: &mut [f64], apart: impl Fn(usize, usize) -> f64) {
        let mut offset = 0.0;
        let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
        let mut offsets = Vec::with_capacity(row.len());
        for (index, &node) in row.iter().enumerate() {
            if index > 0 {
                offset += apart(row[index - 1], node);
            }
            offsets.push(offset);
            let near = self.left[node].iter().chain(&self.right[node]);
            let count = self.left[node].len() + self.right[node].len();
            let wanted = if count == 0 { y[node] } else { near.map(|&other| y[other]).sum::<f64>() / count as f64 };
            // Lines are kept straighter than boxes are centred.
            let weight = if node < self.boxes { 1.0 } else { 2.0 };
            let mut block = (weight * (wanted - offset), weight, 1);
            while let Some(&(sum, mass, size)) = blocks.last() {
                if sum / mass < block.0 / block.1 {
                    break;
                }
                block = (block.0 + sum, block.1 + mass, block.2 + size);
                blocks.pop();
            }
            blocks.push(block);
        }
        let mut index = 0;
        for (sum, mass, size) in blocks {
            for _ in 0..size {
                y[row[index]] = sum / mass + offsets[index];
                index += 1;
            }
        }
    }

    /// Where each arrow runs: ends spread over the sides of their boxes in the order of where they come from.
    fn routes(&self, boxes: &[(f64, f64)], x: &[f64], y: &[f64], room: Room) -> Vec<Vec<(f64, f64)>> {
        // For each box and side, the arrows that end there: (where they come from, arrow, at which end).
        let mut sides: Vec<[Vec<(f64, usize, bool)>; 2]> = vec![Default::default(); self.boxes];
        for (arrow, (route, _)) in self.routes.iter().enumerate() {
            let (a, b) = (route[0], route[route.len() - 1]);
            if self.layer[a] == self.layer[b] {
                sides[a][1].push((y[b], arrow, true));
                sides[b][1].push((y[a], arrow, false));
            } else {
                sides[a][1].push((y[route[1]], arrow, true));
                sides[b][0].push((y[route[route.len() - 2]], arrow, false));
            }
        }
        let mut ends = vec![[0.0; 2]; self.routes.len()];
        for (node, sides) in sides.iter_mut().enumerate() {
            for side in sides {
                side.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
                let step = ((room.box_height - 12.0) / side.len() as f64).min(12.0);
                let from = y[node] - step * (side.len() as f64 - 1.0) / 2.0;
                for (index, (_, arrow, first)) in side.iter().enumerate() {
                    ends[*arrow][usize::from(!first)] = from + step * index as f64;
                }
            }
        }
        let route = |(index, (route, backward)): (usize, &(Vec<usize>, bool))| {
            let (a, b) = (route[0], route[route.len() - 1]);
            let right_of = |node: usize| boxes[node].0 + room.box_width;
            let mut points = vec![(right_of(a), ends[index][0])];
            if self.layer[a] == self.layer[b] {
                points.push((right_of(b), ends[index][1]));
            } else {
                for &passed in &route[1..route.len() - 1] {
                    points.push((x[self.layer[passed]], y[passed]));
                    points.push((x[self.layer[passed]] + room.box_width, y[passed]));
                }
                points.push((boxes[b].0, ends[index][1]));
            }
            if *backward {
                points.reverse();
            }
            points
        };
        self.routes.iter().enumerate().map(route).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: Room = Room { box_width: 100.0, box_height: 40.0, between_boxes: 10.0, between_lines: 8.0, gap: 40.0 };

    fn arrow(from: usize, to: usize) -> Arrow {
        Arrow { from, to, ranks: true }
    }

    #[test]
    fn a_chain_is_a_straight_line() {
        let laid = lay_out(3, &[false, false, true], &[arrow(0, 1), arrow(1, 2)], ROOM);
        assert_eq!(laid.boxes, [(0.0, 20.0), (140.0, 20.0), (280.0, 20.0)]);
        assert_eq!(laid.arrows[0], [(100.0, 20.0), (140.0, 20.0)]);
    }

    #[test]
    fn crossings_are_undone() {
        let arrows = [arrow(0, 3), arrow(1, 2), arrow(2, 4), arrow(3, 4)];
        let laid = lay_out(5, &[false, false, false, false, true], &arrows, ROOM);
        assert_eq!((laid.boxes[0].1 < laid.boxes[1].1), (laid.boxes[3].1 < laid.boxes[2].1));
    }

    #[test]
    fn circles_and_loops_and_nothing_are_laid_out() {
        let arrows = [arrow(0, 1), arrow(1, 0), arrow(1, 1), Arrow { from: 1, to: 0, ranks: false }];
        let laid = lay_out(2, &[false, false], &arrows, ROOM);
        assert!(laid.boxes[0].0 < laid.boxes[1].0);
        assert!(laid.arrows.iter().all(|points| points.len() >= 2));
        assert_eq!(lay_out(0, &[], &[], ROOM).height, 0.0);
    }

    #[test]
    fn boxes_keep_apart_and_lines_pass_beside_them() {
        // Many layers, long lines, from a fixed recurrence.
        let mut word = 7u64;
        let mut draw = |below: usize| {
            word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (word >> 33) as usize % below
        };
        let arrows: Vec<Arrow> = (0..80)
            .map(|_| {
                let (a, b) = (draw(30), draw(30));
                arrow(a.min(b), a.max(b))
            })
            .collect();
        let laid = lay_out(30, &[false; 30], &arrows, ROOM);
        for a in 0..30 {
            for b in 0..a {
                let (a, b) = (laid.boxes[a], laid.boxes[b]);
                assert!(a.0 != b.0 || (a.1 - b.1).abs() >= 50.0 - 1e-6);
            }
            let (left, middle) = laid.boxes[a];
            for points in &laid.arrows {
                for &(x, y) in &points[1..points.len() - 1] {
                    assert!(x != left || (y - middle).abs() >= 28.0 - 1e-6, "a line through a box");
                }
            }
        }
    }
}
