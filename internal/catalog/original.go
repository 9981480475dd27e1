package catalog

// Original is what the original tool (version 0.1) kept in its main.db: paths, no content.
type Original struct {
	Datasets    []OriginalDataset
	Experiments []OriginalExperiment
	Spaces      []OriginalSpace
}

// OriginalDataset is a row of its table datasets. IDField "_idx" stands for row numbers.
type OriginalDataset struct{ Name, CSVPath, IDField string }

// OriginalExperiment is a row of its table experiments. TrainDataset is a name, or "".
type OriginalExperiment struct{ Name, Model, Params, TrainDataset string }

// OriginalSpace is a row of its table embedding_spaces.
type OriginalSpace struct {
	Name, Path, Experiment, Dataset string
	Dims                            int
}
