-- description: Every table, view, macro and column, with what it means.
-- grain: schema_name, object_name, column_name
-- column schema_name: main (public), core (star) or meta.
-- column object_name: Table, view or macro.
-- column object_kind: table, view or macro.
-- column column_name: Empty on the row that describes the object itself.
-- column column_position: 0 on that row.
-- column data_type: NULL on that row.
-- column description: The comment, the same that clients see.
-- column grain: Columns that identify a row of the object; NULL for a macro.
create table meta.dictionary (
    schema_name varchar not null,
    object_name varchar not null,
    object_kind varchar not null,
    column_name varchar not null,
    column_position integer not null,
    data_type varchar,
    description varchar not null,
    grain varchar,
    primary key (schema_name, object_name, column_name)
);
