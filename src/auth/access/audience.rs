//! The audience of a record or of one of its versions: who may see it, as it follows from visibility and stage.

use crate::values::codes::Visibility;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Text;

/// Who may see a record. Ordered from the widest to the narrowest. The owner and the registry always do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub enum Audience {
    /// Every authenticated caller, and anonymous ones where the operator turned public reading on.
    Everyone,
    /// The owner, the offices that the record names by a member that gives sight, and the units of all of them.
    Partners,
    /// The owner and its units.
    OwnerAndUnits,
    /// The owner alone: drafts.
    Owner,
}

impl Audience {
    /// All audiences, widest first.
    pub const ALL: [Self; 4] = [Self::Everyone, Self::Partners, Self::OwnerAndUnits, Self::Owner];

    /// The audience of a record past its drafts, by its visibility.
    pub fn of_visibility(visibility: Visibility) -> Self {
        match visibility {
            Visibility::Public => Self::Everyone,
            Visibility::Partners => Self::Partners,
            Visibility::Private => Self::OwnerAndUnits,
        }
    }

    /// As columns hold it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Partners => "partners",
            Self::OwnerAndUnits => "owner_and_units",
            Self::Owner => "owner",
        }
    }

    /// From the text of a column; none for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|audience| audience.as_str() == text)
    }

    /// True if not everyone may see it; reads of it are audited one by one.
    pub fn is_restricted(self) -> bool {
        self != Self::Everyone
    }
}

impl<DB: Backend> FromSql<Text, DB> for Audience
where
    String: FromSql<Text, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let text = String::from_sql(bytes)?;
        Self::parse(&text).ok_or_else(|| format!("'{text}' is no audience").into())
    }
}

impl<DB: Backend> ToSql<Text, DB> for Audience
where
    str: ToSql<Text, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.as_str().to_sql(out)
    }
}
