-- description: The state of the archive that the listing and the history are of; empty while they are replaced, so that
--     the next run does not go on from a part of them.
-- grain: state
-- column state: Git's hash of the commit.
-- column lister: Digest of the code and the git that listed it; with another one, all is listed again.
create table if not exists listed_state (
    state varchar not null,
    lister varchar not null
);
