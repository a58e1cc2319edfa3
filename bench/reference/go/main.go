// Prints what the questions of the benchmarks cost with Go's client libraries, as JSON: {question, case, library, figures}.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
)

const (
	warmUp  = 100 * time.Millisecond
	batch   = 5 * time.Millisecond
	batches = 80
	atMost  = 3 * time.Second
	calls   = 8192
)

type row struct {
	Question string             `json:"question"`
	Case     string             `json:"case"`
	Library  string             `json:"library"`
	Figures  map[string]float64 `json:"figures"`
}

type benchmark struct {
	question, name, library string
	units                   int
	setUp                   func() func()
}

var text = expfmt.NewFormat(expfmt.TypeTextPlain)

var labelNames = []string{"method", "status", "route"}

type labelValues struct{ method, status, route string }

func main() {
	// One thread for the work, as Node has; what is in front of a name on the command line limits what is run.
	runtime.GOMAXPROCS(1)
	asked := os.Args[1:]
	rows := []row{}
	for _, b := range benchmarks() {
		if len(asked) == 2 && (asked[0] != b.question || asked[1] != b.name) {
			continue
		}
		figures := map[string]float64{"ns": nanoseconds(b.setUp()) / float64(b.units)}
		rows = append(rows, row{b.question, b.name, b.library, figures})
	}
	if err := json.NewEncoder(os.Stdout).Encode(rows); err != nil {
		panic(err)
	}
}

// The best of some batches, after a warm-up.
func nanoseconds(work func()) float64 {
	timeOf(work, warmUp)
	best := timeOf(work, batch)
	began := time.Now()
	for index := 1; index < batches && time.Since(began) < atMost; index++ {
		runtime.GC()
		best = min(best, timeOf(work, batch))
	}
	return best
}

func timeOf(work func(), atLeast time.Duration) float64 {
	count := 0
	began := time.Now()
	for {
		work()
		count++
		if elapsed := time.Since(began); elapsed >= atLeast {
			return float64(elapsed.Nanoseconds()) / float64(count)
		}
	}
}

func combinations(count int) []labelValues {
	methods := []string{"GET", "POST", "PUT", "DELETE", "PATCH"}
	statuses := 20
	if count <= 100 {
		statuses = 4
	}
	all := make([]labelValues, count)
	for index := range all {
		rest := index / 5
		all[index] = labelValues{
			methods[index%5],
			fmt.Sprint(200 + rest%statuses),
			fmt.Sprintf("/api/v1/resource/%d", rest/statuses),
		}
	}
	return all
}

func shuffled(all []labelValues) []labelValues {
	order := make([]labelValues, calls)
	for index, random := range randomNumbers() {
		order[index] = all[int(random*float64(len(all)))]
	}
	return order
}

// From 0 to 1, the same as in the questions.
func randomNumbers() []float64 {
	numbers := make([]float64, calls)
	state := int32(1)
	for index := range numbers {
		state = (state*1_103_515_245 + 12_345) & 0x7fffffff
		numbers[index] = float64(state) / (1 << 31)
	}
	return numbers
}

func benchmarks() []benchmark {
	found := append(hotPaths(), summaries()...)
	for _, count := range []int{1000, 10_000, 100_000} {
		name := fmt.Sprintf("%s counters, text", thousands(count))
		found = append(found,
			benchmark{"scrape", name, "client_golang", 1, func() func() { return scrapeCounters(count) }},
			benchmark{"scrape", name, "VictoriaMetrics", 1, func() func() { return scrapeVictoria(count) }})
	}
	for _, count := range []int{100, 1000, 10_000} {
		name := fmt.Sprintf("%s histograms, text", thousands(count))
		found = append(found, benchmark{"scrape", name, "client_golang", 1, func() func() { return scrapeHistograms(count) }})
	}
	return append(found, protobufs()...)
}

func protobufs() []benchmark {
	protobuf := expfmt.NewFormat(expfmt.TypeProtoDelim)
	return []benchmark{
		{"scrape", "100,000 counters, protobuf", "client_golang", 1, func() func() { return scrape(counters(100_000), protobuf) }},
		{"scrape", "10,000 histograms, protobuf", "client_golang", 1, func() func() {
			return scrape(histograms(10_000, prometheus.HistogramOpts{Buckets: prometheus.DefBuckets}), protobuf)
		}},
		{"scrape", "10,000 native histograms, protobuf", "client_golang", 1, func() func() {
			return scrape(histograms(10_000, prometheus.HistogramOpts{NativeHistogramBucketFactor: 1.1}), protobuf)
		}},
	}
}

func thousands(count int) string {
	if count < 1000 {
		return fmt.Sprint(count)
	}
	return fmt.Sprintf("%d,%03d", count/1000, count%1000)
}

func hotPaths() []benchmark {
	order := shuffled(combinations(100))
	vec := func() *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "c_total"}, labelNames)
	}
	durations := durations()
	histogram := func() *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "h", Buckets: prometheus.DefBuckets}, labelNames)
	}
	return []benchmark{
		{"hot-path", "counter.inc()", "client_golang", calls, func() func() {
			counter := prometheus.NewCounter(prometheus.CounterOpts{Name: "c_total"})
			return func() {
				for range calls {
					counter.Inc()
				}
			}
		}},
		{"hot-path", "counter child.inc()", "client_golang", calls, func() func() {
			counters := vec()
			children := make([]prometheus.Counter, calls)
			for index, v := range order {
				children[index] = counters.WithLabelValues(v.method, v.status, v.route)
			}
			return func() {
				for _, child := range children {
					child.Inc()
				}
			}
		}},
		{"hot-path", "counter.labels(3 values).inc()", "client_golang", calls, func() func() {
			counters := vec()
			return func() {
				for _, v := range order {
					counters.WithLabelValues(v.method, v.status, v.route).Inc()
				}
			}
		}},
		{"labels", "inc({ 3 labels }), 100 children, shared strings", "client_golang", calls, func() func() {
			counters := vec()
			return func() {
				for _, v := range order {
					counters.With(prometheus.Labels{"method": v.method, "status": v.status, "route": v.route}).Inc()
				}
			}
		}},
		{"hot-path", "histogram, 11 buckets: observe(v)", "client_golang", calls, func() func() {
			one := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "h", Buckets: prometheus.DefBuckets})
			return func() {
				for _, value := range durations {
					one.Observe(value)
				}
			}
		}},
		{"hot-path", "histogram, 11 buckets: observe({ 3 labels }, v)", "client_golang", calls, func() func() {
			all := histogram()
			return func() {
				for index, v := range order {
					all.With(prometheus.Labels{"method": v.method, "status": v.status, "route": v.route}).Observe(durations[index])
				}
			}
		}},
		{"hot-path", "native histogram: observe(v)", "client_golang", calls, func() func() {
			one := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "h", NativeHistogramBucketFactor: 1.1})
			return func() {
				for _, value := range durations {
					one.Observe(value)
				}
			}
		}},
	}
}

func summaries() []benchmark {
	durations := durations()
	return []benchmark{
		{"hot-path", "summary, 3 quantiles: observe(v)", "client_golang", calls, func() func() {
			one := prometheus.NewSummary(prometheus.SummaryOpts{
				Name:       "s",
				Objectives: map[float64]float64{0.5: 0.05, 0.9: 0.01, 0.99: 0.001},
			})
			return func() {
				for _, value := range durations {
					one.Observe(value)
				}
			}
		}},
	}
}

func durations() []float64 {
	values := randomNumbers()
	for index, random := range values {
		values[index] = 0.002 * math.Pow(20_000, random)
	}
	return values
}

func scrapeCounters(count int) func() {
	return scrape(counters(count), text)
}

func counters(count int) prometheus.Collector {
	counters := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "http_requests_total", Help: "Requests that were answered.",
	}, labelNames)
	for index, v := range combinations(count) {
		counters.WithLabelValues(v.method, v.status, v.route).Add(float64(index * 3))
	}
	return counters
}

func scrapeHistograms(count int) func() {
	return scrape(histograms(count, prometheus.HistogramOpts{Buckets: prometheus.DefBuckets}), text)
}

func histograms(count int, options prometheus.HistogramOpts) prometheus.Collector {
	options.Name = "http_request_duration_seconds"
	options.Help = "How long requests took."
	histograms := prometheus.NewHistogramVec(options, labelNames)
	values := durations()
	for index, v := range combinations(count) {
		for at := range 10 {
			histograms.WithLabelValues(v.method, v.status, v.route).Observe(values[(index*7+at*97)%calls])
		}
	}
	return histograms
}

func scrape(collector prometheus.Collector, format expfmt.Format) func() {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collector)
	var output bytes.Buffer
	return func() {
		output.Reset()
		families, err := registry.Gather()
		if err != nil {
			panic(err)
		}
		encoder := expfmt.NewEncoder(&output, format)
		for _, family := range families {
			if err := encoder.Encode(family); err != nil {
				panic(err)
			}
		}
	}
}

func scrapeVictoria(count int) func() {
	set := metrics.NewSet()
	for index, v := range combinations(count) {
		name := fmt.Sprintf("http_requests_total{method=%q,status=%q,route=%q}", v.method, v.status, v.route)
		set.GetOrCreateCounter(name).Set(uint64(index * 3))
	}
	var output bytes.Buffer
	return func() {
		output.Reset()
		set.WritePrometheus(&output)
	}
}
