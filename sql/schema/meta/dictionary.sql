-- description: Every table, view, macro and column of the warehouse, with its meaning.
-- grain: schema_name, object_name, column_name
-- column schema_name: Schema of the object: main (public), core (the star schema) or meta.
-- column object_name: Name of the table, view or macro.
-- column object_kind: Kind of object: table, view or macro.
-- column column_name: Name of the column; empty on the row that describes the object itself.
-- column column_position: Position of the column in the object, from 1; 0 on the row that describes the object itself.
-- column data_type: Data type of the column; NULL on the row that describes the object itself.
-- column description: Meaning of the object or column, the same text that clients see as its comment.
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
