-- description: A digest of the statements that made this staging file. A file with another digest is set aside, and
--     every release is read again.
create table if not exists layout (
    digest varchar not null
);
