-- description: Which texts name which places and other countries, and how often.
-- grain: search_number, place_id
-- references: place_id in core.dim_place
-- column search_number: Number of the release, as in core.fact_release; valid in this build only.
-- column place_id: Id of the place or country, such as `hawkes-bay`; joins to core.dim_place.
-- column mention_count: Number of times that the text names the place; additive.
create table core.release_place (
    search_number integer not null,
    place_id varchar not null,
    mention_count integer not null
);
