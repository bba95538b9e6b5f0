//! Who sees and writes what: visibility, whose part it is, the tree of offices, tokens.

mod limits;
mod networks;
mod parts;
mod sight;
mod tokens;
mod tree;
mod visibility;

use crate::support::{Case, all_of};

pub(crate) fn cases() -> Vec<Case> {
    all_of![visibility, parts, sight, tree, tokens, networks, limits]
}
