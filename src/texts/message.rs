//! A text with its parameters, before its language is chosen.

use super::codes::Code;
use super::language::Language;
use crate::bounds::MAX_REPEATED;
use serde::{Serialize, Serializer};
use std::fmt;

/// One text in each language. `{name}` stands for the parameter of that name; other braces are braces.
#[derive(Debug, PartialEq, Eq)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Korean.
    pub ko: &'static str,
    /// Mongolian.
    pub mn: &'static str,
}

impl Text {
    /// The text in a language, as it was declared.
    pub const fn of(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Korean => self.ko,
            Language::Mongolian => self.mn,
        }
    }
}

/// What stands for a parameter: the same in every language, or a message of its own.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A figure, a name, what was sent.
    Plain(String),
    /// A text.
    Message(Message),
}

/// What can stand for a parameter.
pub trait Parameter {
    /// As it is kept.
    fn into_part(self) -> Part;
}

impl<T: fmt::Display> Parameter for T {
    fn into_part(self) -> Part {
        let mut text = self.to_string();
        // What was sent is repeated as far as a person reads it.
        if let Some((end, _)) = text.char_indices().nth(MAX_REPEATED) {
            text.truncate(end);
            text.push('…');
        }
        Part::Plain(text)
    }
}

impl Parameter for Message {
    fn into_part(self) -> Part {
        Part::Message(self)
    }
}

/// Where the words of a message come from.
#[derive(Debug, Clone, PartialEq)]
enum Source {
    /// A declared text.
    Declared(&'static Text),
    /// The cause that a problem's code tells.
    Cause(Code),
    /// Words that have no translation.
    Untranslated(String),
}

/// A text with its parameters, which can be read in every language.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    source: Source,
    parameters: Vec<(&'static str, Part)>,
}

impl Message {
    /// The message that `texts!` makes.
    pub(crate) fn new(text: &'static Text, parameters: Vec<(&'static str, Part)>) -> Self {
        Self {
            source: Source::Declared(text),
            parameters,
        }
    }

    /// The cause that a problem's code tells.
    pub fn cause_of(code: Code) -> Self {
        Self {
            source: Source::Cause(code),
            parameters: Vec::new(),
        }
    }

    /// Reads it in a language.
    pub fn render(&self, language: Language) -> String {
        let text = match &self.source {
            Source::Declared(text) => text.of(language),
            Source::Cause(code) => code.texts(language).cause,
            Source::Untranslated(text) => return text.clone(),
        };
        let mut rendered = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            rendered.push_str(before);
            let part = after.split_once('}').and_then(|(name, after)| {
                let (_, part) = self.parameters.iter().find(|(known, _)| *known == name)?;
                Some((part, after))
            });
            rest = match part {
                None => {
                    rendered.push('{');
                    after
                }
                Some((Part::Plain(text), after)) => {
                    rendered.push_str(text);
                    after
                }
                Some((Part::Message(message), after)) => {
                    rendered.push_str(&message.render(language));
                    after
                }
            };
        }
        rendered.push_str(rest);
        rendered
    }

    /// Reads it in English: for logs, the command line and reports.
    pub fn in_english(&self) -> String {
        self.render(Language::English)
    }
}

/// Words that have no translation: of a library, or for the operator on the host.
pub fn untranslated(text: impl fmt::Display) -> Message {
    Message {
        source: Source::Untranslated(text.to_string()),
        parameters: Vec::new(),
    }
}

/// English. Answers are written in the language that was asked for.
impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.in_english())
    }
}
