-- description: Releases as read, stored by path and content, so that a refresh parses only files it has not read
--     before.
-- grain: path, blob
-- column path: Path of the file in the archive.
-- column blob: Git's hash of the file's content.
-- column parser_version: Version of the parser that read the file; rows of other versions are dropped.
-- column title: Title of the release, as printed; empty for two releases of the archive.
-- column printed_date: Date printed in the front matter; in year 1 if the site had none.
-- column url: Address of the release in the front matter, as printed.
-- column ministers: Names of ministers, each as printed; NULL if the key is absent.
-- column portfolios: Portfolio tags, each as printed; NULL if the key is absent.
-- column attachments: Addresses of attached files; NULL if the key is absent.
-- column unknown_keys: Names of front-matter keys that the parser does not know.
-- column body: Text of the release as markdown, without blank space at either end; empty if the site kept no text.
-- column has_body: False if the site kept no text for the release.
-- column links: Markdown links of the body in order, without images.
-- column word_count: Number of words in the cleaned text (runs of letters, digits and underscores).
-- column cleaned_body: Text without faults of conversion; NULL if the only faults are no-break spaces and escapes.
-- column text_key: Hash that is equal for bodies with the same letters and digits; NULL if the body has none.
-- column text_sketch: Min-hash of the runs of five words in the body; NULL for under 20 words.
-- column opening_date: Date line that the text begins with; NULL if it begins with none.
-- column term_ids: Ids of the distinct words in title and text, as in the table term.
-- column term_body_counts: Number of uses in the text of each word in term_ids; 255 means 255 or more.
-- column term_title_counts: Number of uses in the title of each word in term_ids; 255 means 255 or more.
-- column reading_word_count: Number of words that hold a letter, without those in web addresses; the basis of
--     reading_ease; additive.
-- column sentence_count: Number of sentences in the cleaned text, where a heading or a list item counts as one;
--     additive.
-- column syllable_count: Number of syllables in the words counted by reading_word_count, estimated from groups of
--     vowels; additive.
-- column te_reo_word_count: Number of words of te reo Māori, recognised by their letters, names included; additive.
-- column te_reo_name_count: Number of words of te reo Māori with a capital letter, mostly names of people, places and
--     organisations; additive.
-- column macron_word_count: Number of words with a macron; additive.
-- column maori_macron_count: Number of times the word Māori is spelt with a macron; additive.
-- column maori_plain_count: Number of times the word Māori is spelt Maori; additive.
-- column maori_umlaut_count: Number of times the word Māori is spelt Mäori, a stand-in for fonts without macrons;
--     additive.
-- column maori_circumflex_count: Number of times the word Māori is spelt Mâori; additive.
-- column aotearoa_count: Number of times the word Aotearoa is used; additive.
-- column quote_count: Number of quotations of five words or more between double quote marks; one over several
--     paragraphs counts once; additive.
-- column quoted_word_count: Number of words in quotations of five words or more, estimated where a quotation is not
--     closed; additive.
-- column amounts: Amounts of money in order, each as printed, as a number, and with its currency if one is printed.
create table if not exists release ( -- noqa: PRS
    path varchar not null,
    blob varchar not null,
    parser_version varchar not null,
    title varchar not null,
    printed_date date not null,
    url varchar not null,
    ministers varchar[],
    portfolios varchar[],
    attachments varchar[],
    unknown_keys varchar[] not null,
    body varchar not null using compression 'zstd',
    has_body boolean not null,
    links struct("text" varchar, url varchar)[] not null,
    word_count integer not null,
    cleaned_body varchar using compression 'zstd',
    text_key varchar,
    text_sketch uinteger[],
    opening_date date,
    term_ids integer[] not null,
    term_body_counts utinyint[] not null,
    term_title_counts utinyint[] not null,
    reading_word_count integer not null,
    sentence_count integer not null,
    syllable_count integer not null,
    te_reo_word_count integer not null,
    te_reo_name_count integer not null,
    macron_word_count integer not null,
    maori_macron_count integer not null,
    maori_plain_count integer not null,
    maori_umlaut_count integer not null,
    maori_circumflex_count integer not null,
    aotearoa_count integer not null,
    quote_count integer not null,
    quoted_word_count integer not null,
    amounts struct(printed varchar, amount decimal(18, 2), currency varchar)[] not null
);
