-- table:   wgs84_points                  grain: one row per school that a list of coordinates places
-- reads:   stg_school_coordinates_rows
-- rule:    the newest list that had come out by the day, or else the oldest later one: a school seldom moves
-- missing: a school without both degrees is not here
with final as (
    select urn as place, latitude, longitude, postcode, release_id, release_as_at, published_on, row_number
    from stg_school_coordinates_rows
    where scope = 'school' and latitude is not null and longitude is not null
    qualify row_number() over (
        partition by urn
        order by published_on > $as_at, abs(release_as_at - $as_at), release_id, row_number
    ) = 1
)
select * from final
