//! What a code list is, and the macro that declares one as a Rust enum.

use serde::Serialize;
use utoipa::ToSchema;

/// One published list of codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeList {
    /// Name of the list; also the name under which filters and errors mention it.
    pub name: &'static str,
    /// What the codes say.
    pub description: &'static str,
    /// The codes, in the order in which people should see them.
    pub codes: &'static [Code],
}

/// One code with its labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CodeEntry)]
pub struct Code {
    /// The code as it stands in documents. Never changes once published.
    pub code: &'static str,
    /// The wider code of the same list that this one is part of; statistics by the wider code include it.
    pub broader: Option<&'static str>,
    /// What people read; may be improved at any time.
    pub labels: Labels,
}

/// The label of a code in the languages of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CodeLabels)]
pub struct Labels {
    /// Korean.
    pub ko: &'static str,
    /// Mongolian.
    pub mn: &'static str,
    /// English.
    pub en: &'static str,
}

/// Declares a code list as an enum: `Name = "list_name", default Variant { Variant = "code", ko, mn, en; … }`.
/// The default may be left out; `in "wider"` behind a code names the wider code that it is part of.
macro_rules! code_list {
    (
        $(#[doc = $doc:literal])+
        $name:ident = $list:literal $(, default $default:ident)? {
            $($variant:ident = $code:literal $(in $broader:literal)?, $ko:literal, $mn:literal, $en:literal;)+
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $(#[doc = $en] $variant,)+
        }

        /// By the text of the code: sets of codes are answered sorted as their readers would sort them, and a code
        /// that is added to the list later moves no other.
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl $name {
            /// Every code, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The list as it is published.
            pub const LIST: $crate::values::codes::CodeList = $crate::values::codes::CodeList {
                name: $list,
                description: concat!($($doc),+).trim_ascii(),
                codes: &[$($crate::values::codes::Code {
                    code: $code,
                    broader: $crate::values::codes::list::code_list!(@broader $($broader)?),
                    labels: $crate::values::codes::Labels { ko: $ko, mn: $mn, en: $en },
                }),+],
            };

            /// The wider code of the list that this one is part of.
            pub fn broader(self) -> Option<Self> {
                let wider: Option<&str> = match self {
                    $(Self::$variant => $crate::values::codes::list::code_list!(@broader $($broader)?),)+
                };
                wider.and_then(|code| code.parse().ok())
            }

            /// Whether it is that code or part of it, over any number of steps.
            pub fn is_within(self, wider: Self) -> bool {
                std::iter::successors(Some(self), |code| code.broader()).any(|code| code == wider)
            }

            /// The code as it stands in documents.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }
        }

        $(impl Default for $name {
            fn default() -> Self {
                Self::$default
            }
        })?

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            /// The error names the list.
            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|code| code.as_str() == text)
                    .ok_or_else(|| format!(concat!("`{}` is no code of the list `", $list, "`"), text))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                $crate::values::codes::list::code_schema(&Self::LIST)
            }
        }

        impl utoipa::ToSchema for $name {}
    };
    (@broader) => { None };
    (@broader $broader:literal) => { Some($broader) };
}

pub(crate) use code_list;

/// The schema component of a list: a string with its codes, the labels in the description.
pub(crate) fn code_schema(list: &CodeList) -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
    let meanings: Vec<String> = list
        .codes
        .iter()
        .map(|code| format!("- `{}`: {}", code.code, code.labels.en))
        .collect();
    utoipa::openapi::schema::ObjectBuilder::new()
        .schema_type(utoipa::openapi::schema::Type::String)
        .enum_values(Some(list.codes.iter().map(|code| code.code)))
        .description(Some(format!("{}\n\n{}", list.description, meanings.join("\n"))))
        .into()
}
