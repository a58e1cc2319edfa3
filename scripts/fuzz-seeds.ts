/** Valid documents for the fuzzer to damage. */
export const SEEDS: readonly (string | Uint8Array)[] = [
  '# HELP http_requests_total All.\n# TYPE http_requests_total counter\nhttp_requests_total{method="post",code="200"} 1027 1395066363000\nhttp_requests_total{method="post",code="400"} 3 1395066363000\n',
  '# TYPE h histogram\nh_bucket{a="x",le="0.05"} 24054\nh_bucket{a="x",le="1"} 133988\nh_bucket{a="x",le="+Inf"} 144320\nh_sum{a="x"} 53423.5\nh_count{a="x"} 144320\n',
  '# TYPE s summary\ns{quantile="0.5"} 4773\ns{quantile="0.99"} 76656\ns_sum 1.7560473e+07\ns_count 2693\n',
  'm{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find:\\n\\"FILE.TXT\\""} 1.458255915e9\n{"größe.😀","a.b"="ü"} NaN\n  \t\n# comment\n',
  '# TYPE foo counter\n# UNIT foo_seconds seconds\n# HELP foo He\\"lp\nfoo_total{a="b"} 17.0 1520879607.789 # {trace_id="KOO5S4vxi0o"} 0.67\nfoo_created{a="b"} 1520430000.123\n# EOF\n',
  '# TYPE foo histogram\nfoo_bucket{le="0.01"} 0\nfoo_bucket{le="+Inf"} 17 # {} 9.8 1520879607.789\nfoo_count 18446744073709551615\nfoo_sum 324789.3\n# TYPE s stateset\ns{s="a"} 1\ns{s="b"} 0\n# EOF\n',
  '# TYPE foo histogram\nfoo {count:17,sum:324789.3,schema:0,zero_threshold:1e-4,zero_count:0,negative_spans:[-1:1],negative_buckets:[1],positive_spans:[0:2,3:1],positive_buckets:[5,12,2],bucket:[0.01:0,1.0:11,+Inf:17]} 5.5 st@1520430000.123 # {a="b"} 1.67 1.5 # {} 9.8 2\n# EOF\n',
  '# TYPE foo summary\nfoo{a="b"} {count:17,sum:324789.3,quantile:[0.95:123.7,0.99:150]} st@1520430000.123\n# TYPE g gaugehistogram\ng {gcount:3,gsum:4.5,bucket:[1.0:1,+Inf:3]}\n# EOF\n',
  // A gauge with a label and a time, and a histogram with both kinds of buckets and exemplars.
  Uint8Array.from([
    0x2a, 0x0a, 0x02, 0x75, 0x70, 0x12, 0x02, 0x48, 0x69, 0x18, 0x01, 0x22, 0x18, 0x0a, 0x06, 0x0a, 0x01, 0x61, 0x12,
    0x01, 0x62, 0x12, 0x09, 0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x30, 0xf8, 0x07, 0x2a, 0x05, 0x62, 0x79, 0x74, 0x65,
    0x73, 0x00, 0x3d, 0x0a, 0x01, 0x68, 0x18, 0x04, 0x22, 0x36, 0x3a, 0x34, 0x08, 0x06, 0x11, 0, 0, 0, 0, 0, 0, 0xf0,
    0x3f, 0x1a, 0x0b, 0x08, 0x02, 0x11, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x28, 0x06, 0x38, 0x01, 0x62, 0x04, 0x08, 0x03,
    0x10, 0x02, 0x6a, 0x02, 0x06, 0x02, 0x7a, 0x04, 0x08, 0x01, 0x10, 0x01, 0x82, 0x01, 0x00,
  ]),
];
