//! Who sees and writes what: visibility, whose part it is, the tree of offices, tokens.

mod limits;
mod networks;
mod parts;
mod sight;
mod tokens;
mod tree;
mod visibility;

use crate::support::Case;

pub(crate) fn cases() -> Vec<Case> {
    [
        visibility::cases,
        parts::cases,
        sight::cases,
        tree::cases,
        tokens::cases,
        networks::cases,
        limits::cases,
    ]
    .iter()
    .flat_map(|cases| cases())
    .collect()
}
