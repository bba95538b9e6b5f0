//! Numbers of the curve P-256, for signatures that are changed.

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex"))
        .collect()
}

/// The order of P-256 (SEC 2, §2.4.2).
pub(super) fn order() -> Vec<u8> {
    hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")
}

/// The difference of two big-endian numbers of 32 bytes.
pub(super) fn minus(from: &[u8], less: &[u8]) -> Vec<u8> {
    let mut result = vec![0; 32];
    let mut borrow = 0_i16;
    for at in (0..32).rev() {
        let difference = i16::from(from[at]) - i16::from(less[at]) - borrow;
        borrow = i16::from(difference < 0);
        result[at] = u8::try_from(difference + 256 * borrow).expect("a byte");
    }
    result
}
