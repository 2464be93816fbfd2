/**
 * Extensions whose code in C somebody has read, in which versions, and those of its functions that only compute: they
 * neither run SQL that is handed to them, nor change anything, nor read files or tables that they are told by name. What
 * its makers say of a function (IMMUTABLE, STABLE) is not asked. A name may end in `*` for a family that serves one type
 * or one kind of index.
 *
 * Left out on purpose: `set_limit`, `isn_weak` (they change the session), `crosstab`, `connectby`, `xpath_table` (they
 * run SQL), `xslt_process` (it reads files), `standardize_address` (it reads tables that are named in text),
 * `st_fromflatgeobuftotable` (it makes a table), `st_estimatedextent` and `_postgis_stats` (they show statistics of
 * columns), `postgis_transform_geometry` (PROJ opens files that are named in its text), `st_mapalgebra` (it calls a
 * function by its id), `st_fromgdalraster` and `st_addband` (GDAL opens files), all of postgis_topology and of dblink.
 */
const readExtensions: Readonly<Record<string, { readonly versions: string; readonly functions: string }>> = {
  address_standardizer: {
    versions: '3.3.2',
    functions: `parse_address`,
  },
  btree_gin: {
    versions: '1.3',
    functions: `gin_*`,
  },
  btree_gist: {
    versions: '1.7 and 1.8',
    functions: `gbt_* gbtreekey* cash_dist date_dist float4_dist float8_dist gist_translate_cmptype_btree int2_dist
      int4_dist int8_dist interval_dist oid_dist time_dist ts_dist tstz_dist`,
  },
  citext: {
    versions: '1.6 and 1.8',
    functions: `citext* texticlike texticnlike texticregexeq texticregexne`,
  },
  cube: {
    versions: '1.5',
    functions: `cube* g_cube_* distance_chebyshev distance_taxicab`,
  },
  earthdistance: {
    versions: '1.1 and 1.2',
    functions: `geo_distance`,
  },
  fuzzystrmatch: {
    versions: '1.1 and 1.2',
    functions: `daitch_mokotoff difference dmetaphone dmetaphone_alt levenshtein levenshtein_less_equal metaphone soundex
      text_soundex`,
  },
  hstore: {
    versions: '1.8',
    functions: `ghstore_* gin_* hs_* hstore* akeys avals defined delete each exist exists_all exists_any fetchval isdefined
      isexists populate_record skeys slice slice_array svals tconvert`,
  },
  intagg: {
    versions: '1.1',
    functions: `int_agg_final_array int_agg_state int_array_enum`,
  },
  intarray: {
    versions: '1.5',
    functions: `_int_* g_int* ginint4_* intarray_* _intbig_in _intbig_out boolop bqarr_in bqarr_out icount idx intset
      intset_subtract intset_union_elem querytree rboolop sort sort_asc sort_desc subarray uniq`,
  },
  isn: {
    versions: '1.2 and 1.3',
    functions: `btean13cmp btisbn13cmp btisbncmp btismn13cmp btismncmp btissn13cmp btissncmp btupccmp ean13_in ean13_out
      hashean13 hashisbn hashisbn13 hashismn hashismn13 hashissn hashissn13 hashupc is_valid isbn isbn13 isbn13_in
      isbn_in ismn ismn13 ismn13_in ismn_in isn_out isneq isnge isngt isnle isnlt isnne issn issn13 issn13_in
      issn_in make_valid upc upc_in`,
  },
  ltree: {
    versions: '1.2 and 1.3',
    functions: `_lt* _ltree* hash_ltree* lquery_* lt_* ltq_* ltree* ltxtq_* index lca nlevel subltree subpath text2ltree`,
  },
  pg_trgm: {
    versions: '1.6',
    functions: `*similarity* gin_* gtrgm_* show_limit show_trgm`,
  },
  pgcrypto: {
    versions: '1.3 and 1.4',
    functions: `armor crypt dearmor decrypt decrypt_iv digest encrypt encrypt_iv fips_mode gen_random_bytes gen_random_uuid
      gen_salt hmac pgp_armor_headers pgp_key_id pgp_pub_decrypt pgp_pub_decrypt_bytea pgp_pub_encrypt
      pgp_pub_encrypt_bytea pgp_sym_decrypt pgp_sym_decrypt_bytea pgp_sym_encrypt pgp_sym_encrypt_bytea`,
  },
  postgis: {
    versions: '3.3.2',
    functions: `box2d_* box2df_* box3d_* geog_brin_* geography_* geom2d_brin_* geom3d_brin_* geom4d_brin_* geometry_* gidx_*
      gserialized_* pgis_* spheroid_* _st_3ddfullywithin _st_3ddwithin _st_3dintersects _st_asgml _st_asx3d
      _st_bestsrid _st_contains _st_containsproperly _st_coveredby _st_covers _st_crosses _st_dfullywithin
      _st_distancetree _st_distanceuncached _st_dwithin _st_dwithinuncached _st_equals _st_expand _st_geomfromgml
      _st_intersects _st_linecrossingdirection _st_longestline _st_maxdistance _st_orderingequals _st_overlaps
      _st_pointoutside _st_sortablehash _st_touches _st_voronoi box box2d box3d box3dtobox bytea contains_2d
      equals geography geometry geometrytype geomfromewkb geomfromewkt is_contained_2d json jsonb overlaps_2d
      overlaps_geog overlaps_nd path point polygon postgis_addbbox postgis_dropbbox postgis_geos_noop
      postgis_geos_version postgis_getbbox postgis_hasbbox postgis_index_supportfn postgis_lib_build_date
      postgis_lib_revision postgis_lib_version postgis_libjson_version postgis_liblwgeom_version
      postgis_libprotobuf_version postgis_libxml_version postgis_noop postgis_proj_version
      postgis_scripts_released postgis_typmod_dims postgis_typmod_srid postgis_typmod_type postgis_version
      postgis_wagyu_version st_3dclosestpoint st_3ddfullywithin st_3ddistance st_3ddwithin st_3dintersects
      st_3dlength st_3dlineinterpolatepoint st_3dlongestline st_3dmakebox st_3dmaxdistance st_3dperimeter
      st_3dshortestline st_addmeasure st_addpoint st_affine st_angle st_area st_area2d st_asbinary
      st_asencodedpolyline st_asewkb st_asewkt st_asgeojson st_asgml st_ashexewkb st_askml st_aslatlontext
      st_asmarc21 st_asmvtgeom st_assvg st_astext st_astwkb st_azimuth st_boundary st_boundingdiagonal
      st_box2dfromgeohash st_buffer st_buildarea st_centroid st_chaikinsmoothing st_cleangeometry st_clipbybox2d
      st_closestpoint st_closestpointofapproach st_clusterdbscan st_clusterintersecting st_clusterkmeans
      st_clusterwithin st_collect st_collectionextract st_collectionhomogenize st_combinebbox st_concavehull
      st_contains st_containsproperly st_convexhull st_coorddim st_coveredby st_covers st_cpawithin st_crosses
      st_curvetoline st_delaunaytriangles st_dfullywithin st_difference st_dimension st_disjoint st_distance
      st_distancecpa st_distancesphere st_distancespheroid st_dump st_dumppoints st_dumprings st_dumpsegments
      st_dwithin st_endpoint st_envelope st_equals st_expand st_exteriorring st_filterbym st_flipcoordinates
      st_force2d st_force3dm st_force3dz st_force4d st_forcecollection st_forcecurve st_forcepolygoncw st_forcerhr
      st_forcesfs st_frechetdistance st_fromflatgeobuf st_generatepoints st_geogfromtext st_geogfromwkb
      st_geographyfromtext st_geohash st_geometricmedian st_geometryfromtext st_geometryn st_geometrytype
      st_geomfromewkb st_geomfromewkt st_geomfromgeojson st_geomfromgml st_geomfromkml st_geomfrommarc21
      st_geomfromtext st_geomfromtwkb st_geomfromwkb st_gmltosql st_hasarc st_hausdorffdistance st_hexagon
      st_hexagongrid st_interiorringn st_interpolatepoint st_intersection st_intersects st_isclosed
      st_iscollection st_isempty st_ispolygonccw st_ispolygoncw st_isring st_issimple st_isvalid st_isvaliddetail
      st_isvalidreason st_isvalidtrajectory st_length st_length2d st_length2dspheroid st_lengthspheroid
      st_linecrossingdirection st_linefromencodedpolyline st_linefrommultipoint st_lineinterpolatepoint
      st_lineinterpolatepoints st_linelocatepoint st_linemerge st_linesubstring st_linetocurve st_locatealong
      st_locatebetween st_locatebetweenelevations st_m st_makebox2d st_makeenvelope st_makeline st_makepoint
      st_makepointm st_makepolygon st_makevalid st_maximuminscribedcircle st_memsize st_minimumboundingcircle
      st_minimumboundingradius st_minimumclearance st_minimumclearanceline st_multi st_ndims st_node st_normalize
      st_npoints st_nrings st_numgeometries st_numinteriorring st_numinteriorrings st_numpoints st_offsetcurve
      st_orderingequals st_orientedenvelope st_overlaps st_perimeter st_perimeter2d st_point st_pointfromgeohash
      st_pointinsidecircle st_pointm st_pointn st_pointonsurface st_points st_pointz st_pointzm st_polygonize
      st_project st_quantizecoordinates st_reduceprecision st_relate st_relatematch st_removepoint
      st_removerepeatedpoints st_reverse st_scale st_scroll st_segmentize st_seteffectivearea st_setpoint
      st_setsrid st_sharedpaths st_shiftlongitude st_shortestline st_simplify st_simplifypolygonhull
      st_simplifypreservetopology st_simplifyvw st_snap st_snaptogrid st_split st_square st_squaregrid st_srid
      st_startpoint st_subdivide st_summary st_swapordinates st_symdifference st_tileenvelope st_touches
      st_transform st_triangulatepolygon st_unaryunion st_union st_within st_wkbtosql st_wkttosql st_wrapx st_x
      st_xmax st_xmin st_y st_ymax st_ymin st_z st_zmax st_zmflag st_zmin text`,
  },
  postgis_raster: {
    versions: '3.3.2',
    functions: `bytea postgis_gdal_version postgis_noop postgis_raster_lib_build_date postgis_raster_lib_version
      st_ashexwkb st_aswkb st_band st_makeemptyraster st_minpossiblevalue st_pixelofvalue st_rastfromhexwkb
      st_rastfromwkb st_setbandisnodata st_setbandnodatavalue st_setgeotransform st_setrotation st_setscale st_setskew
      st_setsrid st_setupperleft st_setvalue _st_neighborhood _st_setvalues _st_colormap raster_in raster_out raster_hash st_width st_height st_numbands st_srid st_scalex st_scaley st_skewx
      st_skewy st_upperleftx st_upperlefty st_pixelwidth st_pixelheight st_value st_nearestvalue st_metadata
      st_bandmetadata st_bandpixeltype st_bandnodatavalue st_bandisnodata st_hasnoband st_isempty st_geotransform
      st_envelope st_convexhull st_minconvexhull st_polygon st_dumpaspolygons st_dumpvalues st_samealignment
      st_notsamealignmentreason st_memsize _st_summarystats _st_histogram _st_quantile _st_valuecount
      _st_intersects _st_contains _st_covers _st_coveredby _st_touches _st_overlaps _st_worldtorastercoord
      _st_rastertoworldcoord _st_pixelascentroids _st_pixelaspolygons _st_clip _st_tile _st_reclass
      _st_union_finalfn _st_union_transfn _st_summarystats_finalfn _st_summarystats_transfn`,
  },
  postgis_sfcgal: {
    versions: '3.3.2',
    functions: `postgis_sfcgal_full_version postgis_sfcgal_noop postgis_sfcgal_version st_3darea st_3dconvexhull
      st_3ddifference st_3dintersection st_3dunion st_alphashape st_approximatemedialaxis
      st_constraineddelaunaytriangles st_extrude st_forcelhr st_isplanar st_issolid st_makesolid st_minkowskisum
      st_optimalalphashape st_orientation st_straightskeleton st_tesselate st_volume`,
  },
  seg: {
    versions: '1.4',
    functions: `gseg_* seg_*`,
  },
  tablefunc: {
    versions: '1.0',
    functions: `normal_rand`,
  },
  timescaledb: {
    versions: '2.30',
    functions: `time_bucket time_bucket_gapfill locf interpolate first_sfunc last_sfunc first_combinefunc last_combinefunc
      bookend_finalfunc bookend_serializefunc bookend_deserializefunc hist_sfunc hist_combinefunc
      hist_serializefunc hist_deserializefunc hist_finalfunc to_timestamp to_timestamp_without_timezone to_date
      to_interval to_unix_microseconds get_partition_for_key get_partition_hash cagg_watermark
      cagg_watermark_materialized`,
  },
  tsm_system_rows: {
    versions: '1.0',
    functions: `system_rows`,
  },
  tsm_system_time: {
    versions: '1.0',
    functions: `system_time`,
  },
  unaccent: {
    versions: '1.1',
    functions: `unaccent unaccent_init unaccent_lexize`,
  },
  'uuid-ossp': {
    versions: '1.1',
    functions: `uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3 uuid_generate_v4 uuid_generate_v5 uuid_nil uuid_ns_dns
      uuid_ns_oid uuid_ns_url uuid_ns_x500`,
  },
  vector: {
    versions: '0.8.6',
    functions: `array_to_* binary_quantize cosine_distance halfvec* hamming_distance inner_product jaccard_distance
      l1_distance l2_* sparsevec* subvector vector* hnsw_*_support ivfflat_*_support`,
  },
  xml2: {
    versions: '1.1 and 1.2',
    functions: `xml_encode_special_chars xml_valid xpath_bool xpath_list xpath_nodeset xpath_number xpath_string`,
  },
};

const patterns = new Map<string, RegExp>();

/** Whether somebody has read the C code of this function of an extension, and found that it only computes. */
export function isRead(extension: string, name: string): boolean {
  const known = readExtensions[extension];
  if (known === undefined) {
    return false;
  }
  let pattern = patterns.get(extension);
  if (pattern === undefined) {
    pattern = new RegExp(`^(?:${known.functions.trim().split(/\s+/).join('|').replaceAll('*', '\\w*')})$`);
    patterns.set(extension, pattern);
  }
  return pattern.test(name);
}
