//! The one spelling under which a word is found: compatibility forms, small letters, no accents.

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

/// Writes the folded `word` to `folded`, which is empty before.
pub(super) fn fold(word: &str, folded: &mut String) {
    if word.is_ascii() {
        folded.extend(word.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
        return;
    }
    let plain = DecomposingNormalizerBorrowed::new_nfkd().normalize(word);
    let mut letters = String::with_capacity(plain.len());
    for c in plain.chars().flat_map(char::to_lowercase) {
        match c {
            // Accents. Marks of scripts where they carry the vowels are outside this range.
            '\u{300}'..='\u{36f}' => {}
            'ß' => letters.push_str("ss"),
            'æ' => letters.push_str("ae"),
            'œ' => letters.push_str("oe"),
            'þ' => letters.push_str("th"),
            'ø' => letters.push('o'),
            'đ' | 'ð' => letters.push('d'),
            'ł' => letters.push('l'),
            'ħ' => letters.push('h'),
            'ı' => letters.push('i'),
            'ς' => letters.push('σ'),
            '’' => letters.push('\''),
            _ => letters.push(c),
        }
    }
    folded.push_str(&ComposingNormalizerBorrowed::new_nfc().normalize(&letters));
}
