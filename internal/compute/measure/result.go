package measure

// Result is the value of a measure with what it has to be read against, or the reason why there is none.
type Result struct {
	Value  float64
	Reason string      // not "": there is no value
	Chance *float64    // expected when rows are paired at random
	Z      *float64    // standard deviations above chance
	CI95   *[2]float64 // for other items like these
	P      *float64    // that chance alone gives as much; the smallest is 1 over the trials + 1
	Ranks  *[2]int     // effective ranks: the directions of each space that were read, where others were left out
	Note   string
}

// Info describes a measure.
type Info struct {
	Name    string
	Of      string      // "pair": two spaces; "row": of two spaces, row by row only; "space": one; "drift": two samples of one
	Meaning string      // one line for people
	Range   *[2]float64 // of the values that are possible; nil: no bounds
	Better  string      // "higher": more alike, or better; "lower"; "": neither
	Needs   string      // what it needs beyond finite rows
	Moments bool        // read from [Moments], not from neighbour tables
	Rows    bool        // there is a value for each row, too
	Sample  string      // "": exact; else what a larger space is represented by
	Ignores string      // what may happen to a space without changing it: O rotation, S scale, T shift, L invertible linear map, R scale of rows
	Source  string      // of the formula
}

const (
	thousandsOfRows = "2,000 rows"
	inBlocks        = "pairs within blocks of 500 rows when all pairs would take long; of very large spaces some blocks"
)

func between(lo, hi float64) *[2]float64 { return &[2]float64{lo, hi} }

// Registry lists every measure by the name that flags and JSON use, in the order in which they are shown.
var Registry = []Info{
	{Name: "jaccard", Of: "pair", Rows: true, Meaning: "neighbours shared, of those in either list", Range: between(0, 1), Better: "higher", Ignores: "OST", Source: "Jaccard 1912; Wang et al. 2022"},
	{Name: "overlap", Of: "pair", Rows: true, Meaning: "neighbours shared, of k", Range: between(0, 1), Better: "higher", Ignores: "OST", Source: "Huh et al. 2024 (mutual k-NN)"},
	{Name: "r_nx", Of: "pair", Meaning: "overlap rescaled so that chance is 0", Range: between(-1, 1), Better: "higher", Ignores: "OST", Source: "Lee and Verleysen 2009"},
	{Name: "r_nx_auc", Of: "pair", Rows: true, Meaning: "R_NX over all depths up to k, the near ones weighing more", Range: between(-1, 1), Better: "higher", Ignores: "OST", Source: "Lee et al. 2015"},
	{Name: "rbo", Of: "pair", Rows: true, Meaning: "overlap of the ranked lists, the nearest weighing most (p = 0.9)", Range: between(0, 1), Better: "higher", Ignores: "OST", Source: "Webber, Moffat and Zobel 2010 (extrapolated)"},
	{Name: "rank_similarity", Of: "pair", Rows: true, Meaning: "whether shared neighbours have the same rank, however few are shared", Range: between(0, 1), Better: "higher", Ignores: "OST", Source: "Wang et al. 2022"},
	{Name: "joint_rank_jaccard", Of: "pair", Rows: true, Meaning: "Jaccard times rank similarity, row by row", Range: between(0, 1), Better: "higher", Ignores: "OST", Source: "Wang et al. 2022"},
	{Name: "second_order_cosine", Of: "pair", Rows: true, Meaning: "alike cosine distances to the neighbours of either list", Range: between(0, 1), Better: "higher", Ignores: "OR", Source: "Hamilton, Leskovec and Jurafsky 2016; distances as ReSi takes them"},
	{Name: "second_order_similarity", Of: "pair", Rows: true, Meaning: "the same of cosine similarities: near 1 where all rows point one way", Range: between(-1, 1), Better: "higher", Ignores: "OR", Source: "Hamilton, Leskovec and Jurafsky 2016"},
	{Name: "neighbour_distances", Of: "pair", Rows: true, Meaning: "rank correlation of the distances to the neighbours of either list", Range: between(-1, 1), Better: "higher", Needs: "3 rows", Ignores: "OS", Source: "Spearman, row by row"},
	{Name: "imbalance_a_to_b", Of: "pair", Rows: true, Sample: "1,000 rows, each among all, when there are more than 2,000", Meaning: "0: the nearest in A is the nearest in B; 1: A says nothing of B", Range: between(0, 2), Better: "lower", Ignores: "OST", Source: "Glielmo et al. 2022"},
	{Name: "imbalance_b_to_a", Of: "pair", Rows: true, Sample: "1,000 rows, each among all, when there are more than 2,000", Meaning: "the same from B to A", Range: between(0, 2), Better: "lower", Ignores: "OST", Source: "Glielmo et al. 2022"},
	{Name: "cka", Of: "pair", Meaning: "linear CKA, the RV coefficient: alike inner products; biased upwards", Range: between(0, 1), Better: "higher", Moments: true, Ignores: "OST", Source: "Kornblith et al. 2019"},
	{Name: "cka_debiased", Of: "pair", Meaning: "linear CKA whose value for unrelated spaces is 0", Range: between(-1, 1), Better: "higher", Needs: "4 rows", Moments: true, Ignores: "OST", Source: "Song et al. 2012; Kornblith et al. 2019"},
	{Name: "procrustes", Of: "pair", Meaning: "how well one space turns into the other by rotation and scale", Range: between(0, 1), Better: "higher", Moments: true, Ignores: "OST", Source: "Williams et al. 2021 (nuclear norm of the cross product)"},
	{Name: "angular_shape", Of: "pair", Meaning: "arc cosine of procrustes: a metric between spaces", Range: between(0, 1.5707963267948966), Better: "lower", Moments: true, Ignores: "OST", Source: "Williams et al. 2021"},
	{Name: "linear_a_to_b", Of: "pair", Meaning: "R² on held-out rows when a linear map predicts B from A", Range: nil, Better: "higher", Needs: "more rows than dimensions", Moments: true, Ignores: "OST", Source: "ordinary least squares, 5 folds"},
	{Name: "linear_b_to_a", Of: "pair", Meaning: "the same from B to A", Range: nil, Better: "higher", Needs: "more rows than dimensions", Moments: true, Ignores: "OST", Source: "ordinary least squares, 5 folds"},
	{Name: "cka_rbf", Of: "pair", Sample: inBlocks, Meaning: "CKA with a Gaussian kernel: alike near distances, too", Range: between(-1, 1), Better: "higher", Needs: "4 rows", Ignores: "OST", Source: "Kornblith et al. 2019; Song et al. 2012"},
	{Name: "rsa", Of: "pair", Sample: thousandsOfRows, Meaning: "rank correlation of the distances between rows", Range: between(-1, 1), Better: "higher", Needs: "3 rows", Ignores: "OST", Source: "Kriegeskorte et al. 2008, euclidean"},
	{Name: "distance_correlation", Of: "pair", Sample: inBlocks, Meaning: "alike distances, near and far; 0 for unrelated spaces", Range: between(-1, 1), Better: "higher", Needs: "4 rows", Ignores: "OST", Source: "Székely and Rizzo 2014, bias-corrected, squared"},
	{Name: "moved_cosine", Of: "pair", Rows: true, Meaning: "mean cosine of a row in A and in B, in the same coordinates", Range: between(-1, 1), Better: "higher", Needs: "equal dimensions", Ignores: "R", Source: "direct"},
	{Name: "moved", Of: "pair", Rows: true, Meaning: "mean distance that rows moved, of their length in A", Better: "lower", Needs: "equal dimensions", Source: "direct"},
	{Name: "cca", Of: "pair", Meaning: "mean squared canonical correlation: blind to any linear map", Range: between(0, 1), Better: "higher", Needs: "more rows than dimensions", Moments: true, Ignores: "OSTL", Source: "Hotelling 1936; Kornblith et al. 2019 (R²_CCA, centred)"},
	{Name: "svcca", Of: "pair", Meaning: "mean canonical correlation of the directions with 99 % of the variance", Range: between(0, 1), Better: "higher", Needs: "more rows than dimensions", Moments: true, Ignores: "OST", Source: "Raghu et al. 2017"},
	{Name: "pwcca", Of: "pair", Meaning: "canonical correlations weighted by what they explain, mean of both directions", Range: between(0, 1), Better: "higher", Needs: "more rows than dimensions", Moments: true, Ignores: "ST", Source: "Morcos, Raghu and Bengio 2018"},

	{Name: "alignment", Of: "row", Rows: true, Meaning: "alike inner products of the row with all rows", Range: between(-1, 1), Better: "higher", Moments: true, Ignores: "OST", Source: "Kolling et al. 2023 (pointwise kernel alignment)"},
	{Name: "cka_share", Of: "row", Rows: true, Meaning: "part of the CKA that the row carries: they sum to 1", Better: "", Moments: true, Ignores: "OST", Source: "its part of ‖x̃ᵀỹ‖²"},
	{Name: "procrustes_residual", Of: "row", Rows: true, Meaning: "how far the row is from itself after the best rotation and scale, of the mean length", Better: "lower", Moments: true, Ignores: "OST", Source: "Williams et al. 2021: its mean square is 2 − 2·procrustes"},
	{Name: "occurrences_a", Of: "row", Rows: true, Meaning: "lists of k in A that the row stands in: a hub stands in many", Better: "", Ignores: "OST", Source: "Radovanović et al. 2010"},
	{Name: "occurrences_b", Of: "row", Rows: true, Meaning: "the same in B", Better: "", Ignores: "OST", Source: "Radovanović et al. 2010"},
	{Name: "reach_a", Of: "row", Rows: true, Meaning: "distance to the k-th neighbour in A: far for an outlier", Better: "", Ignores: "O", Source: "direct"},
	{Name: "reach_b", Of: "row", Rows: true, Meaning: "the same in B", Better: "", Ignores: "O", Source: "direct"},
	{Name: "dimension_a", Of: "row", Rows: true, Meaning: "intrinsic dimension around the row in A, from its k nearest", Better: "", Needs: "k above 2, a distance", Ignores: "OST", Source: "Levina and Bickel 2004"},
	{Name: "dimension_b", Of: "row", Rows: true, Meaning: "the same in B", Better: "", Needs: "k above 2, a distance", Ignores: "OST", Source: "Levina and Bickel 2004"},
	{Name: "sparser", Of: "row", Rows: true, Meaning: "above 0: farther from its neighbours in A than in B, of what is usual in each (logarithm)", Better: "", Needs: "a distance", Ignores: "OST", Source: "ln of the ratio of the k-th distances, each over its median"},

	{Name: "purity_a", Of: "row", Rows: true, Meaning: "share of the k nearest in A with the row's own value of a column: purity_a:COLUMN (default: that of the groups)", Range: between(0, 1), Better: "higher", Needs: "labels", Ignores: "OST", Source: "mean share among the k nearest"},
	{Name: "purity_b", Of: "row", Rows: true, Meaning: "the same in B", Range: between(0, 1), Better: "higher", Needs: "labels", Ignores: "OST", Source: "mean share among the k nearest"},
	{Name: "margin_a", Of: "row", Rows: true, Meaning: "the same less the share of the most frequent other value: below 0 the majority says another (margin_a:COLUMN)", Range: between(-1, 1), Better: "higher", Needs: "labels", Ignores: "OST", Source: "direct"},
	{Name: "margin_b", Of: "row", Rows: true, Meaning: "the same in B", Range: between(-1, 1), Better: "higher", Needs: "labels", Ignores: "OST", Source: "direct"},
	{Name: "silhouette_a", Of: "row", Rows: true, Meaning: "nearer in A to the rows with its own value of a column than to those of the next, in cosine distance (silhouette_a:COLUMN)", Range: between(-1, 1), Better: "higher", Needs: "labels", Ignores: "OR", Source: "Rousseeuw 1987"},
	{Name: "silhouette_b", Of: "row", Rows: true, Meaning: "the same in B", Range: between(-1, 1), Better: "higher", Needs: "labels", Ignores: "OR", Source: "Rousseeuw 1987"},
	{Name: "flip", Of: "row", Rows: true, Meaning: "1: the nearest in B has the row's own value of a column and that in A has not; -1: the other way round (flip:COLUMN)", Range: between(-1, 1), Better: "higher", Needs: "labels", Ignores: "OST", Source: "direct"},

	{Name: "participation_ratio", Of: "space", Meaning: "dimensions in use, large variances counting most", Better: "", Moments: true, Ignores: "OST", Source: "(Σλ)²/Σλ²"},
	{Name: "isoscore", Of: "space", Meaning: "0: all variance in one direction; 1: the same in all", Range: between(0, 1), Better: "higher", Needs: "2 dimensions", Moments: true, Ignores: "OST", Source: "Rudman et al. 2022, equal to (PR−1)/(D−1)"},
	{Name: "effective_rank", Of: "space", Meaning: "exp of the entropy of the variances", Better: "", Moments: true, Ignores: "OST", Source: "Roy and Vetterli 2007"},
	{Name: "rankme", Of: "space", Meaning: "exp of the entropy of the singular values, not centred: low when training collapses", Better: "higher", Moments: true, Ignores: "OS", Source: "Garrido et al. 2023"},
	{Name: "stable_rank", Of: "space", Meaning: "total variance over that of the first direction", Better: "", Moments: true, Ignores: "OST", Source: "Rudelson and Vershynin 2007"},
	{Name: "alpha_req", Of: "space", Meaning: "slope of the spectrum: near 1 good, far above collapse, below noise", Better: "", Needs: "10 dimensions", Moments: true, Ignores: "OST", Source: "Agrawal et al. 2022"},
	{Name: "anisotropy", Of: "space", Meaning: "mean cosine of two rows: near 1 all point the same way", Range: between(-1, 1), Better: "lower", Moments: true, Ignores: "OR", Source: "Ethayarajh 2019, over all pairs"},
	{Name: "uniformity", Of: "space", Sample: thousandsOfRows, Meaning: "lower: directions cover the sphere more evenly", Better: "lower", Ignores: "OR", Source: "Wang and Isola 2020, t = 2"},
	{Name: "vendi", Of: "space", Meaning: "number of different items that the rows amount to", Better: "higher", Moments: true, Ignores: "OR", Source: "Friedman and Dieng 2023, cosine"},
	{Name: "hubness_skew", Of: "space", Meaning: "skewness of how often a row is a neighbour: above 1 a few are everyone's", Better: "lower", Ignores: "OST", Source: "Radovanović et al. 2010"},
	{Name: "hubness_robin_hood", Of: "space", Meaning: "share of neighbour places that hubs hold beyond their part", Range: between(0, 1), Better: "lower", Ignores: "OST", Source: "Feldbauer et al. 2018"},
	{Name: "antihubs", Of: "space", Meaning: "share of rows that are nobody's neighbour", Range: between(0, 1), Better: "lower", Ignores: "OST", Source: "Radovanović et al. 2010"},
	{Name: "dimension_twonn", Of: "space", Meaning: "intrinsic dimension, from the two nearest of each row", Better: "", Needs: "20 rows, not duplicates", Ignores: "OST", Source: "Facco et al. 2017, maximum likelihood"},
	{Name: "dimension_twonn_bayes", Of: "space", Meaning: "the same, drawn to 0.4 where rows are few: the mean of the posterior", Better: "", Needs: "20 rows, not duplicates", Ignores: "OST", Source: "Facco et al. 2017, gamma prior of shape 2 and rate 5"},
	{Name: "dimension_twonn_fit", Of: "space", Meaning: "the same by a line through the nearer nine tenths: duplicates weigh less", Better: "", Needs: "20 rows, not duplicates", Ignores: "OST", Source: "Facco et al. 2017, regression"},
	{Name: "dimension_gride", Of: "space", Meaning: "intrinsic dimension, from the neighbours k/2 and k: at a larger scale", Better: "", Needs: "20 rows", Ignores: "OST", Source: "Denti et al. 2022"},
	{Name: "dimension_mle", Of: "space", Meaning: "intrinsic dimension, from the k nearest of each row", Better: "", Needs: "k above 2, rows not duplicates", Ignores: "OST", Source: "Levina and Bickel 2004; MacKay and Ghahramani 2005"},
	{Name: "label_accuracy", Of: "space", Meaning: "labels guessed right by the majority of the k nearest", Range: between(0, 1), Better: "higher", Needs: "labels", Ignores: "OST", Source: "leave-one-out k-NN, ties to the nearest"},
	{Name: "label_purity", Of: "space", Meaning: "neighbours that carry the row's own label", Range: between(0, 1), Better: "higher", Needs: "labels", Ignores: "OST", Source: "mean share among the k nearest"},
	{Name: "label_precision_at_1", Of: "space", Meaning: "nearest neighbours with the row's own label", Range: between(0, 1), Better: "higher", Needs: "labels", Ignores: "OST", Source: "Musgrave et al. 2020"},
	{Name: "label_recall", Of: "space", Meaning: "rows with their own label among the k nearest, at least once", Range: between(0, 1), Better: "higher", Needs: "labels", Ignores: "OST", Source: "Oh Song et al. 2016 (recall@k)"},
	{Name: "label_r_precision", Of: "space", Sample: "at most 2,000 rows, each among all; fewer of very large spaces", Meaning: "of the R nearest, R the number of others with the label, those with it", Range: between(0, 1), Better: "higher", Needs: "labels", Ignores: "OST", Source: "Musgrave et al. 2020"},
	{Name: "label_map_at_r", Of: "space", Sample: "at most 2,000 rows, each among all; fewer of very large spaces", Meaning: "the same, the order counting, too", Range: between(0, 1), Better: "higher", Needs: "labels", Ignores: "OST", Source: "Musgrave et al. 2020 (MAP@R)"},
	{Name: "label_ndcg", Of: "space", Meaning: "whether rows of the own label come first among the k nearest", Range: between(0, 1), Better: "higher", Needs: "labels", Ignores: "OST", Source: "Järvelin and Kekäläinen 2002, binary"},
	{Name: "label_silhouette", Of: "space", Meaning: "nearer to the own label than to the next, in cosine distance", Range: between(-1, 1), Better: "higher", Needs: "labels", Ignores: "OR", Source: "Rousseeuw 1987"},
	{Name: "label_probe", Of: "space", Sample: "so many rows as take about a second", Meaning: "labels of held-out rows that a linear map guesses right", Range: between(0, 1), Better: "higher", Needs: "labels", Ignores: "OST", Source: "ridge regression, 5 folds"},
	{Name: "cluster_ami", Of: "space", Sample: "at most 10,000 rows; fewer of wide spaces with many labels", Meaning: "whether k-means finds the labels: mutual information beyond chance", Range: between(-1, 1), Better: "higher", Needs: "labels", Ignores: "OS", Source: "Vinh, Epps and Bailey 2010"},
	{Name: "cluster_ari", Of: "space", Sample: "at most 10,000 rows; fewer of wide spaces with many labels", Meaning: "the same: pairs of rows parted alike, beyond chance", Range: between(-1, 1), Better: "higher", Needs: "labels", Ignores: "OS", Source: "Hubert and Arabie 1985"},
	{Name: "cluster_v", Of: "space", Sample: "at most 10,000 rows; fewer of wide spaces with many labels", Meaning: "the same: V-measure, not corrected for chance", Range: between(0, 1), Better: "higher", Needs: "labels", Ignores: "OS", Source: "Rosenberg and Hirschberg 2007"},

	{Name: "drift_auc", Of: "drift", Meaning: "how well a linear classifier tells B's rows from A's: 0.5 not at all", Range: between(0, 1), Better: "lower", Needs: "20 rows of each", Ignores: "OST", Source: "Lopez-Paz and Oquab 2017, linear discriminant, 5 folds"},
	{Name: "drift_energy", Of: "drift", Meaning: "energy distance between the samples; p says whether chance gives as much", Better: "lower", Needs: "2 rows of each", Ignores: "OT", Source: "Székely and Rizzo 2013"},
	{Name: "drift_mean", Of: "drift", Meaning: "how far the means are apart, in standard deviations of the rows", Better: "lower", Needs: "4 rows of each", Moments: true, Ignores: "OST", Source: "direct"},
	{Name: "drift_frechet", Of: "drift", Meaning: "Fréchet distance of means and covariances", Better: "lower", Needs: "4 rows of each", Moments: true, Ignores: "OT", Source: "Dowson and Landau 1982; Heusel et al. 2017"},
	{Name: "drift_precision", Of: "drift", Meaning: "rows of B that lie among A's", Range: between(0, 1), Better: "higher", Needs: "6 rows of each", Ignores: "OST", Source: "Kynkäänniemi et al. 2019, k = 5"},
	{Name: "drift_recall", Of: "drift", Meaning: "rows of A that lie among B's", Range: between(0, 1), Better: "higher", Needs: "6 rows of each", Ignores: "OST", Source: "Kynkäänniemi et al. 2019, k = 5"},
	{Name: "drift_density", Of: "drift", Meaning: "how many of A's neighbourhoods a row of B lies in, of what is usual", Better: "", Needs: "6 rows of each", Ignores: "OST", Source: "Naeem et al. 2020, k = 5"},
	{Name: "drift_coverage", Of: "drift", Meaning: "rows of A with a row of B in their neighbourhood", Range: between(0, 1), Better: "higher", Needs: "6 rows of each", Ignores: "OST", Source: "Naeem et al. 2020, k = 5"},
}

// InfoOf finds a measure by name.
func InfoOf(name string) (Info, bool) {
	for _, info := range Registry {
		if info.Name == name {
			return info, true
		}
	}
	return Info{}, false
}

// Adjusted rescales a value of the measure so that chance is 0 and the best possible value 1: (value − chance)/(best −
// chance). nil where chance is unknown, where no end is better, and for drift, where chance is the best there is.
func (i Info) Adjusted(r Result) *float64 {
	if r.Reason != "" || r.Chance == nil || i.Better == "" || i.Of == "drift" {
		return nil
	}
	best := 1.0
	switch {
	case i.Better == "lower" && i.Range == nil:
		best = 0
	case i.Better == "lower":
		best = i.Range[0]
	case i.Range != nil:
		best = i.Range[1]
	}
	if best == *r.Chance {
		return nil
	}
	v := (r.Value - *r.Chance) / (best - *r.Chance)
	return &v
}
