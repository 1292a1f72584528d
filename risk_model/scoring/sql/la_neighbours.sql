-- table:   la_neighbours                 grain: one row per LA and neighbour, the nearest first
-- reads:   stg_la_neighbours_rows
-- rule:    the newest list that had been published by the day; before the first of them, the first
-- missing: no row, where no list is loaded
with newest as (
    select *
    from stg_la_neighbours_rows
    where scope = 'la'
    qualify rank() over (
        order by published_on > $as_at, if(published_on > $as_at, published_on - date '2000-01-01',
                                           date '2100-01-01' - published_on), imported_at desc, release_id
    ) = 1
),
listed as (
    select la_code, release_id, release_as_at, row_number,
           unnest(range(1, 11)) as place,
           unnest([neighbour_1, neighbour_2, neighbour_3, neighbour_4, neighbour_5,
                   neighbour_6, neighbour_7, neighbour_8, neighbour_9, neighbour_10]) as neighbour_code,
           unnest([closeness_1, closeness_2, closeness_3, closeness_4, closeness_5,
                   closeness_6, closeness_7, closeness_8, closeness_9, closeness_10]) as closeness
    from newest
),
final as (
    select la_code, place, neighbour_code, closeness, release_id, release_as_at, row_number as source_row
    from listed
    where neighbour_code is not null
)
select * from final
order by la_code, place
