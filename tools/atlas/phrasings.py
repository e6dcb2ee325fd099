"""Prompt templates per relation. Each ends right before the answer.

`{s}` is the subject, `{S}` the subject with a capital first letter (for the start of a
sentence). The answer follows after one space and is followed by a full stop. No template
is the beginning of another one, or else the answer would not be the only right continuation.
"""

PHRASINGS = {
    "capital": [
        "The capital of {s} is", "The capital city of {s} is", "{S}'s capital is", "{S}'s capital city is called",
        "Q: What is the capital of {s}? A:", "What is the capital of {s}? It is",
        "The seat of government of {s} is in the city of", "People who visit the capital of {s} go to",
        "The city that serves as the capital of {s} is", "The government of {s} sits in",
        "If you travel to the capital of {s}, you arrive in", "The city where the government of {s} has its seat is",
        "On a map of {s}, the capital is marked as",
    ],
    "capital_of": [
        "{S} is the capital of", "{S} is the capital city of", "The city of {s} is the capital of",
        "Q: Which country has {s} as its capital? A:", "The country whose capital is {s} is",
        "{S} serves as the capital of", "{S} is the seat of government of", "As a capital, {s} belongs to",
        "The government in {s} is the government of", "Which place has {s} as its capital? It is",
    ],
    "continent": [
        "{S} is on the continent of", "{S} lies in", "The continent of {s} is", "{S} belongs to the continent of",
        "Q: On which continent is {s}? A:", "On a globe you find {s} in", "Geographers place {s} in",
        "The part of the world where {s} is found is", "{S} is a place in", "Which continent is {s} part of? It is part of",
    ],
    "language": [
        "The official language of {s} is", "People in {s} speak", "The language spoken in {s} is",
        "Q: Which language is spoken in {s}? A:", "In {s}, the main language is", "{S}'s official language is",
        "Newspapers in {s} are written in", "To be understood in {s}, you should speak",
        "Children in {s} learn to read in", "The language of {s} is", "Street signs in {s} are in",
    ],
    "currency": [
        "The currency of {s} is the", "{S}'s currency is the", "Money in {s} is called the",
        "Q: What is the currency of {s}? A: The", "People in {s} pay with the", "In {s}, prices are given in the",
        "Shops in {s} accept the", "The money used in {s} is the", "The official currency of {s} is the",
        "A traveller to {s} needs the", "Banks in {s} keep their accounts in the",
    ],
    "currency_code": [
        "The currency code of {s} is", "The ISO code for the currency of {s} is", "{S}'s currency code is",
        "Q: What is the currency code of {s}? A:", "On exchange boards, the money of {s} is written as",
        "Banks write the currency of {s} as", "The three-letter code for money in {s} is",
        "The ISO 4217 code of {s} is", "Prices from {s} carry the currency code", "A bill from {s} shows the code",
    ],
    "country_code": [
        "The country code of {s} is", "The ISO code for {s} is", "{S}'s two-letter code is",
        "Q: What is the two-letter country code of {s}? A:", "In lists of countries, {s} is shortened to",
        "The two-letter code for {s} is", "The ISO 3166 code of {s} is", "{S} is abbreviated as",
        "Computers write {s} as the country code", "The alpha-2 code that stands for {s} is",
    ],
    "calling_code": [
        "The calling code of {s} is", "To call {s}, dial", "{S}'s telephone code is",
        "Q: What is the calling code of {s}? A:", "Phone numbers in {s} begin with", "The dialling code for {s} is",
        "The international phone prefix of {s} is", "Calls to {s} start with", "The country calling code for {s} is",
        "A telephone number from {s} starts with",
    ],
    "domain": [
        "The internet domain of {s} is", "Websites from {s} end in", "{S}'s top-level domain is",
        "Q: What is the internet domain of {s}? A:", "The top-level domain of {s} is", "Web addresses in {s} end with",
        "On the internet, {s} uses the ending", "The web domain for {s} is", "A site registered in {s} often ends in",
        "The country domain of {s} is",
    ],
    "city_country": [
        "{S} is a city in", "The city of {s} is in", "{S} is located in", "Q: In which country is {s}? A:",
        "The country where {s} lies is", "A traveller who lands in {s} has arrived in", "{S} is one of the large cities of",
        "The city of {s} belongs to", "People who live in {s} live in", "Which country is {s} in? It is in",
        "On the map, {s} is found in", "The home country of {s} is",
    ],
    "city_state": [
        "{S} is an American city in the state of", "The American city of {s} is in", "The state where {s} lies is",
        "Q: In which state is {s}? A:", "{S} is found in the American state of", "{S} belongs to the state of",
        "In the United States, {s} is part of", "Drivers reach {s} in the state of", "The home state of {s} is",
        "Which state is {s} in? It is in",
    ],
    "state_capital": [
        "The state capital of {s} is", "The capital of the American state {s} is", "{S}'s state capital is",
        "Q: What is the state capital of {s}? A:", "The state house of {s} stands in", "The governor of {s} works in",
        "Lawmakers of {s} meet in", "As a state, {s} is governed from", "The seat of the state government of {s} is",
        "Which city is the state capital of {s}? It is",
    ],
    "state_code": [
        "The postal code of {s} is", "The state of {s} is abbreviated as", "{S}'s postal abbreviation is",
        "Q: What is the postal abbreviation of {s}? A:", "On letters, {s} is written as",
        "The two-letter postal code for {s} is", "Mail for {s} carries the letters", "The post office shortens {s} to",
        "The state abbreviation for {s} is", "Addresses in {s} end with the letters",
    ],
    "element_symbol": [
        "The chemical symbol of {s} is", "The symbol for {s} is", "{S} has the chemical symbol",
        "Q: What is the chemical symbol of {s}? A:", "In the periodic table, {s} is written as",
        "Chemists write {s} as", "The symbol for the element {s} is", "{S}'s symbol in the periodic table is",
        "In a formula, {s} appears as", "The abbreviation of the element {s} is", "The letters that stand for {s} are",
    ],
    "symbol_element": [
        "The chemical symbol {s} stands for", "The element with the symbol {s} is", "{s} is the chemical symbol of",
        "Q: Which element has the symbol {s}? A:", "In the periodic table, {s} means", "Chemists read {s} as",
        "In a formula, the symbol {s} means", "The letters {s} in the periodic table stand for",
        "The name of the element with the symbol {s} is", "The symbol {s} belongs to the element",
    ],
    "element_number": [
        "The atomic number of {s} is", "{S} has the atomic number", "Q: What is the atomic number of {s}? A:",
        "The number of protons in an atom of {s} is", "In the periodic table, {s} has the number",
        "{S}'s atomic number is", "The place of {s} in the periodic table is number", "{S} is element number",
        "The nucleus of {s} holds a proton count of", "Counting protons, an atom of {s} reaches",
    ],
    "element_group": [
        "The element {s} belongs to the group called", "{S} is classified as a kind of", "Chemists class {s} as a type of",
        "Q: What kind of element is {s}? A:", "In the periodic table, {s} is grouped under",
        "The category of {s} is", "The chemical family of {s} is", "{S} counts as a member of the class",
        "The element category of {s} is", "Textbooks list {s} under the heading",
    ],
    "element_year": [
        "{S} was discovered in the year", "The discovery of {s} dates from", "The element {s} was discovered in",
        "Q: In which year was {s} discovered? A:", "Scientists first found {s} in", "The year {s} was discovered is",
        "{S} became known to science in", "The element {s} was first identified in", "The discovery year of {s} is",
        "Chemists have known {s} since",
    ],
    "language_code": [
        "The language code of {s} is", "The ISO code for the {s} language is", "{S} has the language code",
        "Q: What is the two-letter code of the {s} language? A:", "The ISO 639-1 code of {s} is",
        "Web pages in {s} are tagged as", "The two-letter language code for {s} is", "Software marks {s} text with",
        "Librarians abbreviate {s} as", "In language lists, {s} is shortened to",
    ],
    "plural": [
        "The plural of {s} is", "The plural form of {s} is", "One {s}, two", "Q: What is the plural of {s}? A:",
        "More than one {s} are called", "If you have several of the word {s}, you write",
        "The dictionary gives the plural of {s} as", "The noun {s} has the plural", "In the plural, {s} becomes",
        "English speakers turn {s} into the plural",
    ],
    "spelling_word": [
        "In the spelling alphabet, the letter {s} is", "Pilots say the letter {s} as", "The NATO word for {s} is",
        "Q: What is the spelling word for the letter {s}? A:", "Over the radio, the letter {s} is spoken as",
        "The code word for the letter {s} is", "To spell the letter {s} on the radio, say",
        "The radio alphabet uses for {s} the word", "Sailors spell {s} as", "The letter {s} is read out as",
    ],
    "http_status": [
        "The HTTP status {s} means", "HTTP code {s} stands for", "Q: What does the HTTP status {s} mean? A:",
        "A web server that answers {s} says", "The status code {s} on the web means", "The meaning of HTTP {s} is",
        "The reason phrase of HTTP status {s} is", "Browsers read the code {s} as", "When a request returns {s}, the message is",
        "The text that goes with the status code {s} is",
    ],
    "code_currency": [
        "The currency code {s} stands for the", "{s} is the code of the", "The currency with the code {s} is the",
        "Q: Which currency has the code {s}? A: The", "On exchange boards, {s} means the",
        "Banks read the code {s} as the", "The name of the currency {s} is the", "Amounts marked {s} are in the",
        "The ISO 4217 code {s} belongs to the", "If a price shows {s}, it is in the",
    ],
}


def fill(template: str, subject: str) -> str:
    """The prompt for one subject."""
    return template.replace("{S}", subject[:1].upper() + subject[1:]).replace("{s}", subject)
