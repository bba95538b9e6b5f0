//! The codes of problems and of wrong places, each with its texts in every language.
//!
//! Codes never change once published; texts may. English stands in the table that declares the codes, the other
//! languages in one file each; a code without its texts does not compile.

mod finding;
mod ko_findings;
mod ko_problems;
mod mn_findings;
mod mn_problems;
mod problem;

pub use finding::{FindingCode, FindingTexts};
pub use problem::{Code, CodeFacts, CodeTexts};

use crate::texts::language::Language;

impl Code {
    /// Title, cause and fix in a language.
    pub const fn texts(self, language: Language) -> CodeTexts {
        match language {
            Language::English => {
                let facts = self.facts();
                CodeTexts {
                    title: facts.title,
                    cause: facts.cause,
                    fix: facts.fix,
                }
            }
            Language::Korean => ko_problems::texts_of(self),
            Language::Mongolian => mn_problems::texts_of(self),
        }
    }
}

impl FindingCode {
    /// Meaning and fix in a language.
    pub const fn texts(self, language: Language) -> FindingTexts {
        match language {
            Language::English => self.english(),
            Language::Korean => ko_findings::texts_of(self),
            Language::Mongolian => mn_findings::texts_of(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Language;
    use std::collections::BTreeSet;

    /// What stands between backticks is code, and the same in every language.
    fn code_words(text: &str) -> BTreeSet<&str> {
        text.split('`').skip(1).step_by(2).collect()
    }

    fn check(code: &str, language: Language, english: &str, text: &str, faults: &mut Vec<String>) {
        let is_whole = |text: &str| text.chars().count() > 5;
        let is_in_its_language = match language {
            Language::English => true,
            Language::Korean => text.chars().any(|letter| ('가'..='힣').contains(&letter)),
            Language::Mongolian => text.chars().any(|letter| ('Ѐ'..='ӿ').contains(&letter)),
        };
        if !is_whole(text) || !is_in_its_language || code_words(text) != code_words(english) {
            faults.push(format!("{code} in {}: {text}", language.tag()));
        }
    }

    #[test]
    fn codes_are_unique_and_told_in_every_language() {
        let unique: BTreeSet<&str> = FindingCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(unique.len(), FindingCode::ALL.len());
        let unique: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(unique.len(), Code::ALL.len());
        let mut faults = Vec::new();
        for language in Language::ALL {
            for code in FindingCode::ALL {
                assert_eq!(FindingCode::from_text(code.as_str()), Some(*code));
                let (english, told) = (code.texts(Language::English), code.texts(*language));
                check(code.as_str(), *language, english.meaning, told.meaning, &mut faults);
                check(code.as_str(), *language, english.fix, told.fix, &mut faults);
            }
            for code in Code::ALL {
                let (english, told) = (code.texts(Language::English), code.texts(*language));
                check(code.as_str(), *language, english.title, told.title, &mut faults);
                check(code.as_str(), *language, english.cause, told.cause, &mut faults);
                check(code.as_str(), *language, english.fix, told.fix, &mut faults);
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
