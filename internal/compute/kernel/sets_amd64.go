package kernel

import "golang.org/x/sys/cpu"

// available lists the sets of this processor, the best first.
func available() []*Set {
	var sets []*Set
	if x := cpu.X86; x.HasAVX512F && x.HasAVX512BW && x.HasAVX512DQ && x.HasAVX512VL && x.HasAVX512VNNI && x.HasBMI2 && x.HasPOPCNT {
		sets = append(sets, &Set{
			Name: "avx512", PanelA: 12, PanelB: 32, MaxA: 127, Sieve: sieveVNNI, Multiply: multiplyVNNI,
			SquaredL2: ranksSquaredL2AVX512, Dot: ranksDotAVX512, ScaledSquaredL2: ranksScaledSquaredL2AVX512,
			CodeDots: codeDotsVNNI, Biased: true, Gemm: gemmAVX512, Gemm64: gemm64AVX512, GemmRows: 12, GemmColumns: 32,
			Quantise: quantiseAVX512, Hadamard: hadamardAVX512, Moments: moments, Pull: pull,
		})
	}
	if x := cpu.X86; x.HasAVX2 && x.HasFMA {
		sets = append(sets, &Set{
			Name: "avx2", PanelA: 4, PanelB: 16, MaxA: 64, Sieve: sieveAVX2, Multiply: multiplyAVX2,
			SquaredL2: ranksSquaredL2AVX2, Dot: ranksDotAVX2, ScaledSquaredL2: ranksScaledSquaredL2AVX2,
			CodeDots: codeDotsAVX2, Gemm: gemmAVX2, Gemm64: gemm64AVX2, GemmRows: 6, GemmColumns: 16,
			Quantise: quantise, Hadamard: hadamardAVX2, Moments: moments, Pull: pull,
		})
	}
	return sets
}
