package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pentoai/vectory/internal/catalog"
	"github.com/pentoai/vectory/internal/compute/vec"
)

// sets are those of this processor; a machine without any tests nothing here, and says so.
func sets(t testing.TB) []*Set {
	t.Helper()
	list := available()
	if len(list) == 0 {
		t.Skip("this processor has no assembly kernels: the portable path is tested in package knn")
	}
	return list
}

// A set that this processor lacks is not tested here: the skip says so, and .ci/run repeats it.
func TestEverySetIsTestedHere(t *testing.T) {
	for _, name := range []string{"avx512", "avx2"} {
		t.Run(name, func(t *testing.T) {
			if _, err := Named(name); err != nil {
				t.Skipf("this processor has no %s: its kernels are not tested here", name)
			}
		})
	}
}

func TestNamed(t *testing.T) {
	for _, set := range sets(t) {
		if got, err := Named(set.Name); got == nil || got.Name != set.Name || err != nil {
			t.Errorf("%s: %v, %v", set.Name, got, err)
		}
	}
	if got, err := Named(""); got == nil || got.Name != sets(t)[0].Name || err != nil {
		t.Errorf("the best: %v, %v", got, err)
	}
	if got, err := Named(Portable); got != nil || err != nil {
		t.Errorf("portable: %v, %v", got, err)
	}
	if _, err := Named("sse9"); catalog.CodeOf(err) != catalog.Invalid {
		t.Errorf("unknown: %v", err)
	}
}

// tileCodes are random codes of rows × 4·depth, by row and in panels.
type tileCodes struct {
	a      [][]int8
	b      [][]uint8
	panelA []int8
	panelB []uint8
}

func randomCodes(r *rand.Rand, s *Set, rows, columns, depth int) tileCodes {
	c := tileCodes{panelA: make([]int8, rows*depth*4), panelB: make([]uint8, columns*depth*4)}
	for row := range rows {
		codes := make([]int8, 4*depth)
		for d := range codes {
			codes[d] = int8(r.IntN(2*int(s.MaxA)+1) - int(s.MaxA))
			if r.IntN(8) == 0 {
				codes[d] = int8(s.MaxA) // the far ends, where AVX2 would saturate
			}
			c.panelA[row/s.PanelA*s.PanelA*4*depth+d/4*s.PanelA*4+row%s.PanelA*4+d%4] = codes[d]
		}
		c.a = append(c.a, codes)
	}
	for column := range columns {
		codes := make([]uint8, 4*depth)
		for d := range codes {
			codes[d] = uint8(r.IntN(256))
			if r.IntN(8) == 0 {
				codes[d] = 255
			}
			c.panelB[column/s.PanelB*s.PanelB*4*depth+d/4*s.PanelB*4+column%s.PanelB*4+d%4] = codes[d]
		}
		c.b = append(c.b, codes)
	}
	return c
}

func (c tileCodes) product(row, column int) (sum int32) {
	for d, v := range c.a[row] {
		sum += int32(v) * int32(c.b[column][d])
	}
	return sum
}

func TestTilesEqualPlainLoops(t *testing.T) {
	for _, s := range sets(t) {
		for _, depth := range []int{1, 2, 9, 25, 129} {
			t.Run(fmt.Sprintf("%s/%d", s.Name, 4*depth), func(t *testing.T) {
				r := rand.New(rand.NewPCG(uint64(depth), 1))
				rows, columns := 2*s.PanelA, s.PanelB
				c := randomCodes(r, s, rows, columns, depth)
				tables := map[string][]int32{"rowBase": nil, "rowLimit": nil, "rowID": nil, "columnBase": nil, "columnLimit": nil, "columnID": nil}
				for name := range tables {
					n := rows
					if name[0] == 'c' {
						n = columns
					}
					for i := range n {
						v := int32(r.IntN(20001) - 10000)
						switch name {
						case "rowID":
							v = int32(i) << 16
						case "columnID":
							v = int32(i)
						case "rowLimit", "columnLimit":
							v = int32(float64(127*depth*4) * (r.Float64()*60 - 10))
						}
						tables[name] = append(tables[name], v)
					}
				}
				// Exactly at the limit a pair survives; one below it does not.
				tables["rowLimit"][0], tables["columnLimit"][0] = tables["rowBase"][0]+tables["columnBase"][0]+c.product(0, 0), math.MaxInt32/2
				tables["rowLimit"][1] = tables["rowBase"][1] + tables["columnBase"][0] + c.product(1, 0) + 1
				out := make([]uint32, rows*columns+32)
				n := s.Sieve(&c.panelA[0], &c.panelB[0], depth, 2, &tables["rowBase"][0], &tables["rowLimit"][0], &tables["rowID"][0],
					&tables["columnBase"][0], &tables["columnLimit"][0], &tables["columnID"][0], &out[0])
				got := map[uint32]int{}
				for _, pair := range out[:n] {
					got[pair]++
				}
				want := map[uint32]int{}
				products := make([]int32, rows*columns)
				s.Multiply(&c.panelA[0], &c.panelB[0], depth, 2, &tables["rowBase"][0], &products[0], columns)
				for row := range rows {
					for column := range columns {
						sum := tables["rowBase"][row] + c.product(row, column)
						if products[row*columns+column] != sum {
							t.Fatalf("product %d, %d is %d, want %d", row, column, products[row*columns+column], sum)
						}
						if sum+tables["columnBase"][column] >= min(tables["rowLimit"][row], tables["columnLimit"][column]) {
							want[uint32(row)<<16|uint32(column)]++
						}
					}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("survivors (%d of %d): %s", len(want), rows*columns, diff)
				}
				if len(want) == 0 || len(want) == rows*columns {
					t.Errorf("%d of %d survive: the test tests nothing", len(want), rows*columns)
				}
			})
		}
	}
}

func TestRanksHaveTheBytesOfVec(t *testing.T) {
	for _, s := range sets(t) {
		for d := 1; d <= 130; d++ {
			r := rand.New(rand.NewPCG(uint64(d), 2))
			const rows = 9
			x := make([]float32, rows*d) // exact: reading beyond the last row would show
			for i := range x {
				x[i] = float32(r.NormFloat64() * math.Pow(10, float64(r.IntN(9)-4)))
			}
			places, scales := []int32{8, 0, 3, 7}, []float64{0.3, 1e-5, 7, 1. / 3}
			var pairs []uint32
			for i := range places {
				for j := range places {
					pairs = append(pairs, uint32(i)<<16|uint32(j))
				}
			}
			row := func(p uint32) []float32 { at := int(places[p]); return x[at*d : (at+1)*d] }
			got := map[string][]float64{}
			for _, name := range []string{"SquaredL2", "Dot", "ScaledSquaredL2"} {
				got[name] = make([]float64, len(pairs))
			}
			s.SquaredL2(&x[0], d, &places[0], &places[0], &pairs[0], len(pairs), &got["SquaredL2"][0])
			s.Dot(&x[0], d, &places[0], &places[0], &pairs[0], len(pairs), &got["Dot"][0])
			s.ScaledSquaredL2(&x[0], d, &places[0], &places[0], &scales[0], &scales[0], &pairs[0], len(pairs), &got["ScaledSquaredL2"][0])
			for at, p := range pairs {
				a, b := row(p>>16), row(p&0xffff)
				for name, want := range map[string]float64{"SquaredL2": vec.SquaredL2(a, b), "Dot": vec.Dot(a, b), "ScaledSquaredL2": vec.ScaledSquaredL2(a, scales[p>>16], b, scales[p&0xffff])} {
					if got[name][at] != want {
						t.Fatalf("%s %s of %d values: %x, want %x", s.Name, name, d, got[name][at], want)
					}
				}
			}
		}
	}
}

func TestProductsOfRowsOfCodes(t *testing.T) {
	for _, s := range sets(t) {
		for _, stride := range []int{64, 128, 832} {
			r := rand.New(rand.NewPCG(uint64(stride), 3))
			const rows = 7
			a, b := make([]int8, rows*stride), make([]int8, rows*stride)
			for i := range a {
				a[i], b[i] = int8(r.IntN(255)-127), int8(r.IntN(255)-127)
			}
			for d := range stride { // the far ends
				a[d], b[d] = 127, -127
			}
			var pairs []uint32
			for i := range rows {
				for j := range rows {
					pairs = append(pairs, uint32(i)<<16|uint32(j))
				}
			}
			out := make([]int32, len(pairs))
			s.CodeDots(&a[0], &b[0], stride, &pairs[0], len(pairs), &out[0])
			for at, p := range pairs {
				var want, sum int32
				for d := range stride {
					v := int32(a[int(p>>16)*stride+d])
					want += v * int32(b[int(p&0xffff)*stride+d])
					sum += v
				}
				if s.Biased {
					want += 128 * sum
				}
				if out[at] != want {
					t.Fatalf("%s, %d codes: pair %x gives %d, want %d", s.Name, stride, p, out[at], want)
				}
			}
		}
	}
}

func TestGemm(t *testing.T) {
	for _, s := range sets(t) {
		for _, k := range []int{1, 2, 17, 100} {
			r := rand.New(rand.NewPCG(uint64(k), 4))
			strideA, stride := k+3, s.GemmColumns+5
			a, b, out := make([]float32, s.GemmRows*strideA), make([]float32, k*s.GemmColumns), make([]float32, s.GemmRows*stride)
			for i := range a {
				a[i] = float32(r.IntN(21) - 10)
			}
			for i := range b {
				b[i] = float32(r.IntN(21) - 10)
			}
			s.Gemm(&a[0], strideA, &b[0], k, &out[0], stride)
			for row := range s.GemmRows {
				for column := range s.GemmColumns {
					var want float32
					for i := range k {
						want += a[row*strideA+i] * b[i*s.GemmColumns+column]
					}
					if out[row*stride+column] != want { // whole numbers: exact
						t.Fatalf("%s k=%d: (%d, %d) is %g, want %g", s.Name, k, row, column, out[row*stride+column], want)
					}
				}
			}
		}
	}
}

func TestGemm64IsOneChainOfFusedProducts(t *testing.T) {
	for _, s := range sets(t) {
		for _, k := range []int{1, 2, 17, 100} {
			r := rand.New(rand.NewPCG(uint64(k), 4))
			columns := s.GemmColumns / 2
			strideA, stride := k+3, columns+5
			a, b, out := make([]float64, s.GemmRows*strideA), make([]float64, k*columns), make([]float64, s.GemmRows*stride)
			for _, v := range [][]float64{a, b, out} {
				for i := range v {
					v[i] = r.NormFloat64()
				}
			}
			want := slices.Clone(out)
			for row := range s.GemmRows {
				for column := range columns {
					for i := range k {
						want[row*stride+column] = math.FMA(a[row*strideA+i], b[i*columns+column], want[row*stride+column])
					}
				}
			}
			s.Gemm64(&a[0], strideA, &b[0], k, &out[0], stride)
			if !slices.Equal(out, want) {
				t.Errorf("%s, k=%d: the sums differ", s.Name, k)
			}
		}
	}
}

func TestCodesAreTheNearest(t *testing.T) {
	for _, s := range sets(t) {
		r := rand.New(rand.NewPCG(5, 5))
		for _, most := range []int32{64, 127} {
			const n = 96
			y, q := make([]float32, n), make([]int8, n)
			for i := range y {
				y[i] = float32(r.NormFloat64() * 3)
			}
			y[0], y[1], y[2], y[3] = 1e15, -1e15, 0.5*0.05, -1.5*0.05
			const step = 0.05
			sum, errors, squares := s.Quantise(&y[0], n, 1/float32(step), step, most, &q[0])
			var wantSum, wantSquares int32
			var wantErrors float64
			for i, v := range y {
				code := max(-float64(most), min(float64(most), math.RoundToEven(float64(float32(v*float32(1/float32(step)))))))
				if float64(q[i]) != code {
					t.Errorf("%s: %g became %d, want %g", s.Name, v, q[i], code)
				}
				wantSum += int32(code)
				wantSquares += int32(code * code)
				e := float64(v) - step*code
				wantErrors += e * e
			}
			if sum != wantSum || squares != wantSquares || math.Abs(float64(errors)-wantErrors) > 1e-3*wantErrors {
				t.Errorf("%s: sums %d %g %d, want %d %g %d", s.Name, sum, errors, squares, wantSum, wantErrors, wantSquares)
			}
		}
	}
}

func TestHadamardIsItsOwnInverse(t *testing.T) {
	for _, s := range sets(t) {
		for _, n := range []int{1, 2, 4, 32} {
			v := make([]float32, 16*n)
			for i := range v {
				v[i] = float32(i%31) - 9
			}
			was := append([]float32(nil), v...)
			s.Hadamard(&v[0], n)
			var first float32
			for g := range n {
				first += was[16*g]
			}
			if v[0] != first {
				t.Errorf("%s, %d groups: the first sum is %g, want %g", s.Name, n, v[0], first)
			}
			s.Hadamard(&v[0], n)
			for i := range v {
				if v[i] != was[i]*float32(n) {
					t.Fatalf("%s, %d groups: element %d is %g, want %g", s.Name, n, i, v[i], was[i]*float32(n))
				}
			}
		}
	}
}

func TestMomentsHaveTheBytesOfPlainLoops(t *testing.T) {
	const stride, n = MomentsColumns + 3, 37
	r := rand.New(rand.NewPCG(6, 6))
	x := make([]float32, n*stride)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	x[stride], x[2*stride+1] = 3e38, -3e38
	for _, s := range sets(t) {
		sums, squares := make([]float64, MomentsColumns+1), make([]float64, MomentsColumns+1)
		sums[0], squares[1], sums[MomentsColumns] = 5, 7, 9
		want, wantSquares := slices.Clone(sums), slices.Clone(squares)
		for from := 0; from < len(x); from += stride {
			for j := range MomentsColumns {
				a := float64(x[from+j]) - float64(x[j])
				want[j] += a
				wantSquares[j] += float64(a * a)
			}
		}
		s.Moments(&x[0], stride, n, &x[0], &sums[0], &squares[0])
		if !slices.Equal(sums, want) || !slices.Equal(squares, wantSquares) {
			t.Errorf("%s: %v and %v, want %v and %v", s.Name, sums, squares, want, wantSquares)
		}
	}
}

func TestPullsHaveTheBytesOfPlainLoops(t *testing.T) {
	const n, first, rows = 40, 3, 5
	r := rand.New(rand.NewPCG(7, 7))
	points := make([]float32, 2*n)
	for i := range points {
		points[i] = float32(r.NormFloat64() * 20)
	}
	starts, ends := []int32{PullEnds}, make([]int32, PullEnds)
	for _, count := range []int{2, 0, 1, 4, 3} { // times PullEnds, by row
		for range count * PullEnds {
			ends = append(ends, int32(r.IntN(n)))
		}
		starts = append(starts, int32(len(ends)))
	}
	ends[len(ends)-1] = first + rows - 1 // a row's own end pulls nothing
	const strength, offset = float32(-2.5), float32(1.25)
	out := make([]float32, 2*rows+1)
	for i := range out {
		out[i] = float32(r.NormFloat64())
	}
	want := slices.Clone(out)
	for i := range rows {
		for c := range 2 {
			var sums [PullEnds]float32
			for at, j := range ends[starts[i]:starts[i+1]] {
				x, y := points[2*(first+i)]-points[2*j], points[2*(first+i)+1]-points[2*j+1]
				d := float32(x*x) + float32(y*y) + offset
				sums[at%PullEnds] += float32(strength / float32(d*d) * []float32{x, y}[c])
			}
			want[2*i+c] += ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]))
		}
	}
	for _, s := range sets(t) {
		got := slices.Clone(out)
		s.Pull(&points[0], &points[2*first], &starts[0], &ends[0], rows, strength, offset, &got[0])
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", s.Name, got, want)
		}
	}
}

// The checked-in assembly is what the generator makes.
func TestTheAssemblyIsGenerated(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	dir := t.TempDir()
	command := exec.CommandContext(t.Context(), "go", "run", ".", "-out", filepath.Join(dir, "kernel_amd64.s"), "-stubs", filepath.Join(dir, "kernel_amd64.go"), "-pkg", "kernel")
	command.Dir = "generate"
	command.Env = append(os.Environ(), "GOFLAGS=")
	if out, err := command.CombinedOutput(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the generator failed: %v\n%s", err, out)
		}
		t.Skipf("the generator does not run here (it needs its modules once): %v", err)
	}
	for _, name := range []string{"kernel_amd64.s", "kernel_amd64.go"} {
		fresh, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		kept, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if withoutCommand(string(fresh)) != withoutCommand(string(kept)) {
			t.Errorf("%s is not what the generator makes: run go generate", name)
		}
	}
}

// withoutCommand drops the first line, which names the command with its folders.
func withoutCommand(text string) string {
	for i, c := range text {
		if c == '\n' {
			return text[i:]
		}
	}
	return text
}

func BenchmarkKernels(b *testing.B) {
	for _, s := range available() {
		for _, codes := range []int{36, 68, 132, 388, 772} {
			b.Run(fmt.Sprintf("sieve/%s/%d", s.Name, codes), func(b *testing.B) {
				c := randomCodes(rand.New(rand.NewPCG(1, 1)), s, BlockRows, BlockRows, codes/4)
				zeros, limits, out := make([]int32, BlockRows), make([]int32, BlockRows), make([]uint32, BlockRows*BlockRows+32)
				for i := range limits {
					limits[i] = math.MaxInt32 / 2
				}
				for b.Loop() {
					for column := 0; column < BlockRows; column += s.PanelB {
						s.Sieve(&c.panelA[0], &c.panelB[column*codes], codes/4, BlockRows/s.PanelA, &zeros[0], &limits[0], &zeros[0], &zeros[0], &limits[0], &zeros[0], &out[0])
					}
				}
				b.ReportMetric(2*BlockRows*BlockRows*float64(codes)*float64(b.N)/b.Elapsed().Seconds()/1e9, "Gop/s")
				b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/BlockRows/BlockRows*1e9, "ns/pair")
			})
		}
		for _, d := range []int{128, 384, 784} {
			b.Run(fmt.Sprintf("rank/%s/%d", s.Name, d), func(b *testing.B) {
				x, rows, pairs, out := make([]float32, BlockRows*d), make([]int32, BlockRows), make([]uint32, 1024), make([]float64, 1024)
				for i := range rows {
					rows[i] = int32(i)
				}
				for i := range pairs {
					pairs[i] = uint32(i*7%BlockRows)<<16 | uint32(i*13%BlockRows)
				}
				for b.Loop() {
					s.SquaredL2(&x[0], d, &rows[0], &rows[0], &pairs[0], len(pairs), &out[0])
				}
				b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/1024*1e9, "ns/pair")
			})
		}
	}
}
