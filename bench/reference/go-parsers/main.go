// Measures parsers of Go on the text exposition in a file and prints {cpu, heap, peak} as JSON, like bench/parse.ts:
// main FILE PARSER.
package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"runtime"
	"syscall"

	victoria "github.com/VictoriaMetrics/VictoriaMetrics/lib/protoparser/prometheus"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
)

const runs = 15

type sample struct {
	labels labels.Labels
	value  float64
}

// Each returns what the parser makes of the text.
var parsers = map[string]func(text []byte) any{
	// As a server reads a scrape whose series it knows: it looks each series up by its text.
	"textparse, series as text": func(text []byte) any {
		sum := 0.0
		read(text, func(parser textparse.Parser) {
			_, _, value := parser.Series()
			sum += value
		})
		return sum
	},
	"textparse, labels": func(text []byte) any {
		samples := []sample{}
		read(text, func(parser textparse.Parser) {
			_, _, value := parser.Series()
			next := sample{value: value}
			parser.Labels(&next.labels)
			samples = append(samples, next)
		})
		return samples
	},
	"VictoriaMetrics": func(text []byte) any {
		rows := &victoria.Rows{}
		rows.Unmarshal(string(text))
		return rows
	},
}

func main() {
	// One thread for the work, as Node has.
	runtime.GOMAXPROCS(1)
	text, err := os.ReadFile(os.Args[1])
	check(err)
	parse := parsers[os.Args[2]]
	least := parseTime(parse, text)
	for range runs - 1 {
		least = min(least, parseTime(parse, text))
	}
	before := heapBytes()
	kept := parse(text)
	heap := heapBytes() - before
	runtime.KeepAlive(kept)
	runtime.KeepAlive(text)
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	figures := map[string]float64{"cpu": least, "heap": heap, "peak": float64(usage.Maxrss) * 1024}
	check(json.NewEncoder(os.Stdout).Encode(figures))
}

func read(text []byte, each func(parser textparse.Parser)) {
	parser, err := textparse.New(text, "text/plain; version=0.0.4", labels.NewSymbolTable(), textparse.ParserOptions{})
	check(err)
	for {
		entry, err := parser.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		check(err)
		if entry == textparse.EntrySeries {
			each(parser)
		}
	}
}

// Milliseconds of all threads, including those of the garbage collector.
func parseTime(parse func(text []byte) any, text []byte) float64 {
	start := cpuTime()
	runtime.KeepAlive(parse(text))
	return cpuTime() - start
}

func cpuTime() float64 {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e6
}

func heapBytes() float64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
