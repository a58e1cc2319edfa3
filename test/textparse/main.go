// Reads documents as Prometheus does when it scrapes: one JSON request a line on standard input, one JSON answer a line on
// standard output.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/gogo/protobuf/proto"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/exemplar"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
	dto "github.com/prometheus/prometheus/prompb/io/prometheus/client"
)

type request struct {
	ContentType string `json:"contentType"`
	Input       []byte `json:"input"`
}

// Numbers are strings: JSON has neither NaN nor negative zero, and JavaScript no 64-bit integers.
type series struct {
	Name      string         `json:"name"`
	Labels    [][2]string    `json:"labels"`
	Value     string         `json:"value"`
	Timestamp string         `json:"timestamp,omitempty"`
	Start     string         `json:"start,omitempty"`
	Exemplars []exemplarJSON `json:"exemplars,omitempty"`
}

type exemplarJSON struct {
	Labels    [][2]string `json:"labels"`
	Value     string      `json:"value"`
	Timestamp string      `json:"timestamp,omitempty"`
}

type native struct {
	Name          string         `json:"name"`
	Labels        [][2]string    `json:"labels"`
	Timestamp     string         `json:"timestamp,omitempty"`
	Start         string         `json:"start,omitempty"`
	Exemplars     []exemplarJSON `json:"exemplars,omitempty"`
	Schema        int32          `json:"schema"`
	Count         string         `json:"count"`
	Sum           string         `json:"sum"`
	ZeroThreshold string         `json:"zeroThreshold"`
	ZeroCount     string         `json:"zeroCount"`
	Positive      [][2]string    `json:"positive"`
	Negative      [][2]string    `json:"negative"`
}

type metadata struct {
	Name string `json:"name"`
	Type string `json:"type,omitempty"`
	Help string `json:"help,omitempty"`
	Unit string `json:"unit,omitempty"`
}

type answer struct {
	Error    string     `json:"error,omitempty"`
	Metadata []metadata `json:"metadata,omitempty"`
	Series   []series   `json:"series,omitempty"`
	// Series as a server stores them that takes start times from _created lines; only those with a start time.
	Started    []series `json:"started,omitempty"`
	Histograms []native `json:"histograms,omitempty"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var req request
		if err := json.Unmarshal(line, &req); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		encoded, err := json.Marshal(read(req))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		out.Write(encoded)
		out.WriteByte('\n')
		out.Flush()
	}
}

// read parses as servers with each of the settings that count do; what one of them refuses is refused.
func read(req request) answer {
	classic, err := scrape(req, textparse.ParserOptions{IgnoreNativeHistograms: true}, false)
	if err != nil {
		return answer{Error: err.Error()}
	}
	started, err := scrape(req, textparse.ParserOptions{IgnoreNativeHistograms: true, OpenMetricsSkipSTSeries: true}, true)
	if err != nil {
		return answer{Error: err.Error()}
	}
	both, err := scrape(req, textparse.ParserOptions{KeepClassicOnClassicAndNativeHistograms: true}, true)
	if err != nil {
		return answer{Error: err.Error()}
	}
	classic.Histograms = both.Histograms
	for _, s := range started.Series {
		if s.Start != "" {
			classic.Started = append(classic.Started, s)
		}
	}
	return classic
}

// scrape does what the server's scrape loop does up to the point where it would append to its storage.
func scrape(req request, options textparse.ParserOptions, withStart bool) (result answer, err error) {
	defer func() {
		if problem := recover(); problem != nil {
			err = fmt.Errorf("panic: %v", problem)
		}
	}()
	options.EnableOpenMetrics2 = true
	// The parsers may write behind the end of what they are given.
	input := append(make([]byte, 0, len(req.Input)+1), req.Input...)
	parser, err := textparse.New(input, req.ContentType, labels.NewSymbolTable(), options)
	if err != nil {
		return result, err
	}
	untyped, isUntyped := untypedValues(req), false
	known := map[string]int{}
	meta := func(name []byte) *metadata {
		at, ok := known[string(name)]
		if !ok {
			at = len(result.Metadata)
			known[string(name)] = at
			result.Metadata = append(result.Metadata, metadata{Name: string(name)})
		}
		return &result.Metadata[at]
	}
	for {
		entry, err := parser.Next()
		if errors.Is(err, io.EOF) {
			return result, nil
		}
		if err != nil {
			return result, err
		}
		switch entry {
		case textparse.EntryType:
			name, metricType := parser.Type()
			meta(name).Type = string(metricType)
			isUntyped = metricType == model.MetricTypeUnknown
		case textparse.EntryHelp:
			name, help := parser.Help()
			meta(name).Help = string(help)
		case textparse.EntryUnit:
			name, unit := parser.Unit()
			meta(name).Unit = string(unit)
		case textparse.EntrySeries:
			s, err := readSeries(parser, withStart)
			if err != nil {
				return result, err
			}
			if isUntyped && len(untyped) > 0 {
				s.Value, untyped = formatFloat(untyped[0]), untyped[1:]
			}
			result.Series = append(result.Series, s)
		case textparse.EntryHistogram:
			h, err := readHistogram(parser, withStart)
			if err != nil {
				return result, err
			}
			result.Histograms = append(result.Histograms, h)
		}
	}
}

// untypedValues returns the untyped values of a protobuf document, in order. Where one is missing, the server (as of 3.16) repeats
// the value of an earlier metric, which is a defect.
func untypedValues(req request) []float64 {
	var values []float64
	if !strings.HasPrefix(req.ContentType, "application/vnd.google.protobuf") {
		return nil
	}
	for rest := req.Input; len(rest) > 0; {
		length, size := proto.DecodeVarint(rest)
		if size == 0 || length > uint64(len(rest)-size) {
			return values
		}
		var family dto.MetricFamily
		if family.Unmarshal(rest[size:size+int(length)]) != nil {
			return values
		}
		rest = rest[size+int(length):]
		for _, metric := range family.Metric {
			if family.Type == dto.MetricType_UNTYPED {
				values = append(values, metric.GetUntyped().GetValue())
			}
		}
	}
	return values
}

func readSeries(parser textparse.Parser, withStart bool) (series, error) {
	_, timestamp, value := parser.Series()
	s := series{Value: formatFloat(value), Timestamp: formatTimestamp(timestamp)}
	var err error
	if s.Name, s.Labels, err = readLabels(parser); err != nil {
		return s, err
	}
	if withStart {
		s.Start = formatStart(parser.StartTimestamp())
	}
	s.Exemplars = readExemplars(parser, false)
	return s, nil
}

func readHistogram(parser textparse.Parser, withStart bool) (native, error) {
	_, timestamp, h, fh := parser.Histogram()
	n := native{Timestamp: formatTimestamp(timestamp)}
	var err error
	if n.Name, n.Labels, err = readLabels(parser); err != nil {
		return n, err
	}
	if withStart {
		n.Start = formatStart(parser.StartTimestamp())
	}
	n.Exemplars = readExemplars(parser, true)
	if h != nil {
		if h.Schema > histogram.ExponentialSchemaMax && histogram.IsExponentialSchemaReserved(h.Schema) {
			if err := h.ReduceResolution(histogram.ExponentialSchemaMax); err != nil {
				return n, err
			}
		}
		if err := h.Validate(); err != nil {
			return n, err
		}
		n.Schema, n.Count, n.Sum = h.Schema, strconv.FormatUint(h.Count, 10), formatFloat(h.Sum)
		n.ZeroThreshold, n.ZeroCount = formatFloat(h.ZeroThreshold), strconv.FormatUint(h.ZeroCount, 10)
		n.Positive = integerBuckets(h.PositiveSpans, h.PositiveBuckets)
		n.Negative = integerBuckets(h.NegativeSpans, h.NegativeBuckets)
		return n, nil
	}
	if fh.Schema > histogram.ExponentialSchemaMax && histogram.IsExponentialSchemaReserved(fh.Schema) {
		if err := fh.ReduceResolution(histogram.ExponentialSchemaMax); err != nil {
			return n, err
		}
	}
	if err := fh.Validate(); err != nil {
		return n, err
	}
	n.Schema, n.Count, n.Sum = fh.Schema, formatFloat(fh.Count), formatFloat(fh.Sum)
	n.ZeroThreshold, n.ZeroCount = formatFloat(fh.ZeroThreshold), formatFloat(fh.ZeroCount)
	n.Positive = floatBuckets(fh.PositiveSpans, fh.PositiveBuckets)
	n.Negative = floatBuckets(fh.NegativeSpans, fh.NegativeBuckets)
	return n, nil
}

// Empty buckets are left out: where they stand is a matter of writing.
func integerBuckets(spans []histogram.Span, deltas []int64) [][2]string {
	var buckets [][2]string
	var count int64
	eachIndex(spans, func(at int, index int64) {
		count += deltas[at]
		if count != 0 {
			buckets = append(buckets, [2]string{strconv.FormatInt(index, 10), strconv.FormatInt(count, 10)})
		}
	})
	return buckets
}

func floatBuckets(spans []histogram.Span, counts []float64) [][2]string {
	var buckets [][2]string
	eachIndex(spans, func(at int, index int64) {
		if counts[at] != 0 {
			buckets = append(buckets, [2]string{strconv.FormatInt(index, 10), formatFloat(counts[at])})
		}
	})
	return buckets
}

func eachIndex(spans []histogram.Span, visit func(at int, index int64)) {
	at, index := 0, int64(0)
	for _, span := range spans {
		index += int64(span.Offset)
		for range span.Length {
			visit(at, index)
			at++
			index++
		}
	}
}

// readLabels checks as the scrape loop and the storage do. Labels without a value are none. Of labels with the same name, if one
// of them has no value, the server stores none at all; we refuse them like others.
func readLabels(parser textparse.Parser) (string, [][2]string, error) {
	var parsed labels.Labels
	parser.Labels(&parsed)
	if name, isRepeated := parsed.HasDuplicateLabelNames(); isRepeated {
		return "", nil, fmt.Errorf("label name %q is not unique", name)
	}
	set := labels.NewBuilder(parsed).Labels()
	if !set.Has(model.MetricNameLabel) {
		return "", nil, errors.New("metric name label is mandatory")
	}
	if !set.IsValid(model.UTF8Validation) {
		return "", nil, fmt.Errorf("invalid metric name or label names: %s", set)
	}
	return set.Get(model.MetricNameLabel), pairs(set), nil
}

func pairs(set labels.Labels) [][2]string {
	list := [][2]string{}
	set.Range(func(label labels.Label) {
		if label.Name != model.MetricNameLabel {
			list = append(list, [2]string{label.Name, label.Value})
		}
	})
	return list
}

func readExemplars(parser textparse.Parser, areNative bool) []exemplarJSON {
	var list []exemplarJSON
	var e exemplar.Exemplar
	for parser.Exemplar(&e) {
		one := exemplarJSON{Labels: [][2]string{}, Value: formatFloat(e.Value)}
		e.Labels.Range(func(label labels.Label) {
			one.Labels = append(one.Labels, [2]string{label.Name, label.Value})
		})
		if e.HasTs {
			one.Timestamp = strconv.FormatInt(e.Ts, 10)
		}
		if e.HasTs || !areNative {
			list = append(list, one)
		}
		e = exemplar.Exemplar{}
	}
	return list
}

func formatFloat(value float64) string {
	if math.IsNaN(value) {
		return "NaN"
	}
	return strconv.FormatFloat(value, 'g', -1, 64)
}

func formatTimestamp(timestamp *int64) string {
	if timestamp == nil {
		return ""
	}
	return strconv.FormatInt(*timestamp, 10)
}

func formatStart(timestamp int64) string {
	if timestamp == 0 {
		return ""
	}
	return strconv.FormatInt(timestamp, 10)
}
