-- description: Counts of this build with which the guards compare the next build.
-- grain: measure, subject
-- column measure: What is counted: releases (by year of the folder), copies (releases whose text is empty, or the same
--     as the text of a release counted before), uncredited (releases that credit nobody), exact_days (releases whose
--     day comes from the index of publication times) or seed_rows (by seed).
-- column subject: The year or the seed; all years for a count of the whole archive.
-- column row_count: Number of releases or rows.
create table meta.measure (
    measure varchar not null,
    subject varchar not null,
    row_count bigint not null,
    primary key (measure, subject)
);
