//! The texts that callers read, in the languages of the registry: data, and no logic.
//!
//! A text is declared once with its parameters, in English, Korean and Mongolian; `texts!` makes a function of it. What
//! it gives is a [`Message`]: the language is chosen where the message leaves the service, by `Accept-Language`.
//!
//! Each file holds the texts of one subject; the texts of the codes themselves stand in [`codes`].

pub mod access;
pub mod accounts;
pub mod codes;
pub mod documents;
pub mod formats;
mod language;
mod message;
pub mod mous;
pub mod offices;
pub mod pages;
pub mod policies;
pub mod programs;
pub mod requests;
pub mod schema;
pub mod storage;
pub mod values;

pub use language::Language;
pub use message::{Message, Parameter, Part, Text, untranslated};

/// Declares texts: `name(parameters) "English" "Korean" "Mongolian";`. Each becomes a function of that name that takes
/// the parameters and gives a [`Message`].
macro_rules! texts {
    ($($name:ident $(($($parameter:ident),+))? $en:literal $ko:literal $mn:literal;)+) => {
        $(
            #[doc = concat!("```text\n", $en, "\n```")]
            pub fn $name($($($parameter: impl $crate::texts::Parameter),+)?) -> $crate::texts::Message {
                static TEXT: $crate::texts::Text = $crate::texts::Text { en: $en, ko: $ko, mn: $mn };
                $crate::texts::Message::new(
                    &TEXT,
                    vec![$($((stringify!($parameter), $crate::texts::Parameter::into_part($parameter))),+)?],
                )
            }
        )+

        /// All texts of this file, with their parameters.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, $crate::texts::Text, &[&str])] = &[
            $((
                stringify!($name),
                $crate::texts::Text { en: $en, ko: $ko, mn: $mn },
                &[$($(stringify!($parameter)),+)?],
            ),)+
        ];
    };
}
use texts;

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &[&[(&str, Text, &[&str])]] = &[
        access::ALL,
        accounts::ALL,
        documents::ALL,
        formats::ALL,
        mous::ALL,
        offices::ALL,
        pages::ALL,
        policies::ALL,
        programs::ALL,
        requests::ALL,
        schema::ALL,
        storage::ALL,
        values::ALL,
    ];

    fn times(text: &str, parameter: &str) -> usize {
        text.matches(&format!("{{{parameter}}}")).count()
    }

    #[test]
    fn every_language_tells_every_parameter() {
        let mut faults = Vec::new();
        for (name, text, parameters) in ALL.iter().copied().flatten() {
            for language in Language::ALL {
                for parameter in *parameters {
                    if times(text.of(*language), parameter) != 1 {
                        faults.push(format!("{name} in {}: {{{parameter}}}", language.tag()));
                    }
                }
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    /// A text in Korean has Hangul, one in Mongolian has Cyrillic.
    #[test]
    fn every_text_is_in_its_language() {
        let has = |text: &str, from: char, to: char| text.chars().any(|character| (from..=to).contains(&character));
        let mut faults = Vec::new();
        for (name, text, _) in ALL.iter().copied().flatten() {
            if !has(text.ko, '가', '힣') {
                faults.push(format!("{name} in Korean: {}", text.ko));
            }
            if !has(text.mn, 'Ѐ', 'ӿ') {
                faults.push(format!("{name} in Mongolian: {}", text.mn));
            }
            if has(text.en, '\u{100}', '\u{fff}') {
                faults.push(format!("{name} in English: {}", text.en));
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    #[test]
    fn parameters_stand_where_they_belong_and_are_not_read_again() {
        let message = documents::not_id_of_kind("{prefix}", "offices", "off");
        assert_eq!(
            message.in_english(),
            "'{prefix}' is not the id of one of the offices: off_ and 26 characters, or ext:{system}:{key}."
        );
        let nested = schema::must_be_form(formats::date());
        assert_eq!(nested.in_english(), "The value must be a day such as 2022-04-16.");
        assert!(nested.render(Language::Korean).contains("2022-04-16 같은 날짜"));
    }
}
