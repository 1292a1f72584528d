-- table:   school_places                 grain: one row per school of which a place is known; metres, National Grid
-- reads:   stg_gias_rows, stg_school_coordinates_rows, wgs84_points, national_grid, register_rows
-- rule:    the register's own or the listed coordinates, whichever is newer on the day; of a school that neither has,
--          those of another school of its postcode, which is next door; `known_by` says which, release and row where
-- missing: a school of which nobody says where it stands is not here
with said as (
    select urn, easting, northing, postcode, 'register' as known_by, release_id, release_as_at, published_on, row_number
    from stg_gias_rows
    where scope = 'school' and easting > 0 and northing > 0
    union all by name
    select place as urn, g.easting, g.northing, w.postcode, 'coordinates' as known_by, w.release_id, w.release_as_at,
           w.published_on, w.row_number
    from wgs84_points as w
    inner join national_grid as g using (place)
),
own as (
    select *, 1 as place
    from said
    qualify row_number() over (
        partition by urn
        order by published_on > $as_at, abs(release_as_at - $as_at), known_by desc, release_id, row_number
    ) = 1
),
of_postcodes as (
    select upper(replace(postcode, ' ', '')) as postcode, first(o order by urn) as other
    from own as o
    where postcode is not null
    group by 1
),
next_door as (
    select r.urn, p.other.easting as easting, p.other.northing as northing, 'postcode' as known_by,
           p.other.release_id as release_id, p.other.row_number as row_number
    from (
        select urn, first(upper(replace(postcode, ' ', '')) order by is_later, release_as_at desc, release_id) as postcode
        from register_rows
        where postcode is not null and urn not in (select urn from own)
        group by urn
    ) as r
    inner join of_postcodes as p using (postcode)
),
final as (
    select urn, easting, northing, known_by, release_id, row_number from own
    union all by name
    select * from next_door
)
select * from final
order by urn
