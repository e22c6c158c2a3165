-- description: Which texts name which Acts and bills, and how often.
-- grain: search_number, law_id
-- references: law_id in core.dim_law
-- column search_number: Number of the release, as in core.fact_release; valid in this build only.
-- column law_id: Id of the Act or bill, such as `resource-management-act-1991`; joins to core.dim_law.
-- column mention_count: Number of times that the text names the Act or bill; additive.
create table core.release_law (
    search_number integer not null,
    law_id varchar not null,
    mention_count integer not null
);
