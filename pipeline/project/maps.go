package project

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"
	"strings"

	"citykpi/pipeline/kpi"
)

// What a map may be at most: every page that shows it reads all of it.
const (
	mapBytes  = 4 << 20
	mapPoints = 60000
)

// readMaps reads data/maps/<region>.geojson, the outlines of a jurisdiction's districts.
// None is shipped. A feature names its district in properties.code or
// properties.name; of other properties nothing is kept.
func readMaps(data fs.FS, regions []kpi.Region) (map[string][]kpi.Shape, error) {
	files, err := fs.Glob(data, "maps/*.geojson")
	if err != nil {
		return nil, err
	}
	all := map[string][]kpi.Shape{}
	var problems []error
	for _, file := range files {
		code := strings.TrimSuffix(path.Base(file), ".geojson")
		shapes, err := readMap(data, file, code, regions)
		if err != nil {
			problems = append(problems, fmt.Errorf("data/%s: %w", file, err))
		}
		all[code] = shapes
	}
	return all, errors.Join(problems...)
}

type geoFile struct {
	Type     string       `json:"type"`
	Features []geoFeature `json:"features"`
}

type geoFeature struct {
	Type       string         `json:"type"`
	Properties map[string]any `json:"properties"`
	Geometry   struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
}

func readMap(data fs.FS, file, code string, regions []kpi.Region) ([]kpi.Shape, error) {
	districts := kpi.OnceEach(regions, code)
	if len(districts) == 0 {
		return nil, fmt.Errorf("no region %s in data/regions. Try: name the file after a jurisdiction, as in 320100.geojson", code)
	}
	if info, err := fs.Stat(data, file); err != nil {
		return nil, err
	} else if info.Size() > mapBytes {
		return nil, fmt.Errorf("%d bytes, at most %d are read. Try: fewer points for the outlines", info.Size(), mapBytes)
	}
	text, err := fs.ReadFile(data, file)
	if err != nil {
		return nil, err
	}
	var geo geoFile
	if err := json.Unmarshal(text, &geo); err != nil {
		return nil, fmt.Errorf("no JSON: %w. Try: export it again as GeoJSON in UTF-8", err)
	}
	if geo.Type != "FeatureCollection" || len(geo.Features) == 0 {
		return nil, fmt.Errorf("type is %q with %d features. Try: a FeatureCollection with a feature for each district",
			geo.Type, len(geo.Features))
	}
	var shapes []kpi.Shape
	points := 0
	for i, f := range geo.Features {
		shape, n, err := f.shape(districts)
		if err != nil {
			return nil, fmt.Errorf("feature %d: %w", i+1, err)
		}
		if slices.ContainsFunc(shapes, func(s kpi.Shape) bool { return s.Region == shape.Region }) {
			return nil, fmt.Errorf("feature %d: district %s has a feature already. Try: one MultiPolygon", i+1, shape.Region)
		}
		if points += n; points > mapPoints {
			return nil, fmt.Errorf("more than %d points. Try: fewer points for the outlines", mapPoints)
		}
		shapes = append(shapes, shape)
	}
	slices.SortFunc(shapes, func(a, b kpi.Shape) int { return strings.Compare(a.Region, b.Region) })
	return shapes, nil
}

// shape is the outline of the district the feature names, and its number of points.
func (f geoFeature) shape(districts []kpi.Region) (s kpi.Shape, points int, err error) {
	if s.Region, err = f.district(districts); err != nil {
		return s, 0, err
	}
	switch f.Geometry.Type {
	case "MultiPolygon":
		err = json.Unmarshal(f.Geometry.Coordinates, &s.Polygons)
	case "Polygon":
		s.Polygons = make([][][][2]float64, 1)
		err = json.Unmarshal(f.Geometry.Coordinates, &s.Polygons[0])
	default:
		return s, 0, fmt.Errorf("geometry is %q. Try: Polygon or MultiPolygon", f.Geometry.Type)
	}
	if err != nil {
		return s, 0, fmt.Errorf("coordinates: %w. Try: rings of [longitude, latitude]", err)
	}
	if len(s.Polygons) == 0 {
		return s, 0, errors.New("no polygon. Try: export the outlines with their coordinates")
	}
	for _, polygon := range s.Polygons {
		if len(polygon) == 0 {
			return s, 0, errors.New("a polygon without a ring. Try: export the outlines with their coordinates")
		}
		for _, ring := range polygon {
			if err := checkRing(ring); err != nil {
				return s, 0, err
			}
			points += len(ring)
		}
	}
	return s, points, nil
}

func checkRing(ring [][2]float64) error {
	if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
		return fmt.Errorf("a ring of %d points that does not end where it begins. "+
			"Try: at least four points, the last like the first", len(ring))
	}
	for _, at := range ring {
		if math.Abs(at[0]) > 180 || math.Abs(at[1]) > 90 {
			return fmt.Errorf("the point [%v, %v] is not on the globe. Try: degrees, longitude first", at[0], at[1])
		}
	}
	return nil
}

// district is the code of the district a feature names, by code or by any of its names.
func (f geoFeature) district(districts []kpi.Region) (string, error) {
	for _, property := range []string{"code", "name"} {
		said, ok := f.Properties[property]
		if !ok {
			continue
		}
		word := strings.TrimSpace(fmt.Sprint(said))
		if number, ok := said.(float64); ok {
			word = fmt.Sprintf("%.0f", number)
		}
		for _, r := range districts {
			if word == r.Code || word == r.Name || word == r.Short || slices.Contains(r.Alias, word) {
				return r.Code, nil
			}
		}
		return "", fmt.Errorf("properties.%s %q is no district of the file's region. Try: one of %s", property, word, listed(districts))
	}
	return "", fmt.Errorf("properties have neither code nor name. Try: \"code\": %q", districts[0].Code)
}

func listed(regions []kpi.Region) string {
	var words []string
	for _, r := range regions {
		words = append(words, r.Code+" "+r.Name)
	}
	return strings.Join(words, ", ")
}
