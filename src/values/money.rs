//! Amounts of money.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An amount of money, as decimal text so that no digit is lost: `{"amount": "1200.00", "currency": "KRW"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Decimal number without sign or separators, at most 18 digits before the point and 6 after it.
    #[schema(format = "decimal", example = "1200.00")]
    pub amount: String,
    /// ISO 4217 code of the currency.
    #[schema(format = "currency", example = "KRW")]
    pub currency: String,
}
