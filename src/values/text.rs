//! Normal form of text, and its folded form for search and sorting.

use unicode_normalization::UnicodeNormalization;

/// Most characters that one text may have.
pub const MAX_TEXT: usize = 20_000;

/// The text in Unicode Normalization Form C, in which everything is stored.
pub fn to_nfc(text: &str) -> String {
    text.nfc().collect()
}

/// The text as search and sort keys see it: compatibility forms made plain (NFKC), case folded, white space
/// at the ends removed and collapsed inside. Folding twice gives the same as folding once.
pub fn fold(text: &str) -> String {
    let mut folded = fold_once(text);
    // One pass can make room for another (a decomposed sign may leave white space or a new capital),
    // as Unicode notes for NFKC_Casefold; two or three passes always settle.
    for _ in 0..4 {
        let again = fold_once(&folded);
        if again == folded {
            break;
        }
        folded = again;
    }
    folded
}

/// Most characters of a sort key. An index row of PostgreSQL holds 2,700 bytes at most, and a cursor carries its key in
/// a URL; titles that are equal so far are told apart by their ids.
const MAX_SORT_KEY: usize = 200;

/// The key by which a name or a title sorts: its folded form, cut where no database could keep it in an index.
pub fn sort_key(text: &str) -> String {
    fold(text).chars().take(MAX_SORT_KEY).collect()
}

/// One pass of [`fold`]. Upper case before lower case brings letters together that differ only
/// as lower case (ß and ss, final and medial sigma).
fn fold_once(text: &str) -> String {
    let plain: String = text
        .nfkc()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .nfkc()
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folds_what_readers_take_for_the_same() {
        for (one, other) in [
            ("  Seoul\u{a0}  Office ", "seoul office"),
            ("ＳＭＯＥ", "smoe"),
            ("Straße", "STRASSE"),
            ("ΟΔΟΣ", "οδος"),
            ("서울", "\u{1109}\u{1165}\u{110b}\u{116e}\u{11af}"),
            ("УЛААНБААТАР", "Улаанбаатар"),
        ] {
            assert_eq!(fold(one), fold(other));
        }
        assert_eq!(fold("ӨҮ"), "өү");
        assert_eq!(to_nfc("e\u{301}"), "é");
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text: String) {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded);
        }

        #[test]
        fn folding_does_not_see_the_normal_form(text: String) {
            prop_assert_eq!(fold(&to_nfc(&text)), fold(&text));
        }
    }

    #[test]
    fn every_common_character_folds_to_something_stable() {
        for character in '\0'..='\u{ffff}' {
            let folded = fold(&character.to_string());
            assert_eq!(fold(&folded), folded, "U+{:04X}", u32::from(character));
        }
    }
}
