// Integers in English words, Roman numerals and letters, there and back. Internal to pictures.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pawl::jsonata {

enum class WordKind { kCardinal, kOrdinal };

// Of an integer >= 0: "Two Thousand, Seven Hundred and Eighty-Nine", "Twenty-First".
std::string number_to_words(double value, WordKind kind);
// NaN when a word is unknown.
double words_to_number(std::string_view words);
// The ends, longest first, of the parts of `text` from `begin` that are made of the words of
// numbers, "and", blanks, commas and hyphens, in any case.
std::vector<std::size_t> word_ends(std::string_view text, std::size_t begin);

// Upper-case numerals; "" for 0.
std::string number_to_roman(double value);
// NaN when a letter is no upper-case numeral.
double roman_to_number(std::string_view roman);

// A, B ... Z, AA: `first` is 'A' or 'a'.
std::string number_to_letters(double value, char first);
double letters_to_number(std::string_view letters, char first);

}  // namespace pawl::jsonata
