//! The languages of the service's own texts.

/// A language of the service's own texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English, also for those who ask for none of these.
    #[default]
    English,
    /// Korean.
    Korean,
    /// Mongolian.
    Mongolian,
}

impl Language {
    /// All of them; English first.
    pub const ALL: &'static [Language] = &[Language::English, Language::Korean, Language::Mongolian];

    /// The language tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Korean => "ko",
            Self::Mongolian => "mn",
        }
    }
}
