-- description: Releases as read, kept by path and content: a run parses only what it has not read before.
-- grain: path, blob
-- column path: Path in the archive.
-- column blob: Git's hash of the content.
-- column parser_version: Which parser read it; rows of another version are dropped.
-- column title: As printed; two releases of the archive have an empty one.
-- column printed_date: The date in the front matter; year 1 where the site had none.
-- column url: The address in the front matter.
-- column ministers: Each item as printed; NULL where the key is absent.
-- column portfolios: Each item as printed; NULL where the key is absent.
-- column attachments: URLs; NULL where the key is absent.
-- column unknown_keys: Front-matter keys that no rule knows.
-- column body: Markdown as read, without the blank space around it.
-- column has_body: The body is not empty.
-- column links: Markdown links of the body in order, images left out.
-- column word_count: Runs of letters, digits and underscores in the body.
-- column cleaned_body: The body without the faults of its keeping; NULL where there are no others than no-break
--     spaces and escapes.
-- column text_key: Equal for bodies of the same letters and digits; NULL where there are none.
-- column text_sketch: Min-hash of the runs of five words in the body; NULL for under 20 words.
-- column opening_date: The date line that the body begins with; NULL where there is none.
-- column term_ids: Its distinct terms, see the table term.
-- column term_body_counts: How often the body has each; 255 stands for all above.
-- column term_title_counts: How often the title has each; 255 stands for all above.
-- column reading_word_count: Words with a letter in the cleaned body, addresses left out.
-- column sentence_count: Sentences; a heading or an item of a list is one.
-- column syllable_count: Of the reading words, by groups of vowels.
-- column te_reo_word_count: Words of te reo Māori by their letters, names included.
-- column te_reo_name_count: Of those, with a capital letter.
-- column macron_word_count: Words with a macron.
-- column maori_macron_count: Māori, spelt with a macron.
-- column maori_plain_count: Spelt Maori.
-- column maori_umlaut_count: Spelt Mäori.
-- column maori_circumflex_count: Spelt Mâori.
-- column aotearoa_count: The word Aotearoa.
-- column quote_count: Quotes of five words or more.
-- column quoted_word_count: Their words.
-- column amounts: Amounts of money in order: as printed, the number, the currency where one is printed.
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
