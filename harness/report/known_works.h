// BibTeX entries of the works that encoders, data sets and protocols of the project stand on.
#pragma once

namespace musicrep {

/// A work, known where a citation holds `mark` in any case.
struct KnownWork {
  const char* mark;
  const char* bibtex;
};

inline constexpr KnownWork kKnownWorks[] = {
    {"Rossetto", R"(@inproceedings{rossetto2020musicbert,
  title = {{MusicBERT}: A Shared Multi-Modal Representation for Music and Text},
  author = {Rossetto, Federico and Dalton, Jeff},
  booktitle = {Proceedings of the 1st Workshop on NLP for Music and Audio (NLP4MusA)},
  year = {2020}
})"},
    {"Transfer learning for music classification", R"(@inproceedings{choi2017transfer,
  title = {Transfer Learning for Music Classification and Regression Tasks},
  author = {Choi, Keunwoo and Fazekas, Gy{\"o}rgy and Sandler, Mark and Cho, Kyunghyun},
  booktitle = {Proceedings of the 18th International Society for Music Information Retrieval Conference (ISMIR)},
  year = {2017}
})"},
    {"One deep music representation", R"(@article{kim2019one,
  title = {One Deep Music Representation to Rule Them All? A Comparative Analysis of Different Representation Learning Strategies},
  author = {Kim, Jaehun and Urbano, Juli{\'a}n and Liem, Cynthia C. S. and Hanjalic, Alan},
  journal = {Neural Computing and Applications},
  year = {2019},
  doi = {10.1007/s00521-019-04076-1}
})"},
    {"CNN Architectures for Large-Scale Audio", R"(@inproceedings{hershey2017cnn,
  title = {{CNN} Architectures for Large-Scale Audio Classification},
  author = {Hershey, Shawn and Chaudhuri, Sourish and Ellis, Daniel P. W. and Gemmeke, Jort F. and Jansen, Aren and Moore, R. Channing and Plakal, Manoj and Platt, Devin and Saurous, Rif A. and Seybold, Bryan and Slaney, Malcolm and Weiss, Ron J. and Wilson, Kevin},
  booktitle = {IEEE International Conference on Acoustics, Speech and Signal Processing (ICASSP)},
  year = {2017}
})"},
    {"Gemmeke", R"(@inproceedings{gemmeke2017audioset,
  title = {Audio Set: An Ontology and Human-Labeled Dataset for Audio Events},
  author = {Gemmeke, Jort F. and Ellis, Daniel P. W. and Freedman, Dylan and Jansen, Aren and Lawrence, Wade and Moore, R. Channing and Plakal, Manoj and Ritter, Marvin},
  booktitle = {IEEE International Conference on Acoustics, Speech and Signal Processing (ICASSP)},
  year = {2017}
})"},
    {"Tzanetakis", R"(@article{tzanetakis2002musical,
  title = {Musical Genre Classification of Audio Signals},
  author = {Tzanetakis, George and Cook, Perry},
  journal = {IEEE Transactions on Speech and Audio Processing},
  volume = {10},
  number = {5},
  pages = {293--302},
  year = {2002}
})"},
    {"Delbouys", R"(@inproceedings{delbouys2018music,
  title = {Music Mood Detection Based on Audio and Lyrics with Deep Neural Net},
  author = {Delbouys, R{\'e}mi and Hennequin, Romain and Piccoli, Francesco and Royo-Letelier, Jimena and Moussallam, Manuel},
  booktitle = {Proceedings of the 19th International Society for Music Information Retrieval Conference (ISMIR)},
  year = {2018}
})"},
    {"Soleymani", R"(@inproceedings{soleymani2013songs,
  title = {1000 Songs for Emotional Analysis of Music},
  author = {Soleymani, Mohammad and Caro, Micheal N. and Schmidt, Erik M. and Sha, Cheng-Ya and Yang, Yi-Hsuan},
  booktitle = {Proceedings of the 2nd ACM International Workshop on Crowdsourcing for Multimedia (CrowdMM)},
  year = {2013}
})"},
    {"Multi-label Music Genre", R"(@inproceedings{oramas2017multilabel,
  title = {Multi-Label Music Genre Classification from Audio, Text, and Images Using Deep Features},
  author = {Oramas, Sergio and Nieto, Oriol and Barbieri, Francesco and Serra, Xavier},
  booktitle = {Proceedings of the 18th International Society for Music Information Retrieval Conference (ISMIR)},
  year = {2017}
})"},
    {"Multimodal Deep Learning for Music Genre", R"(@article{oramas2018multimodal,
  title = {Multimodal Deep Learning for Music Genre Classification},
  author = {Oramas, Sergio and Barbieri, Francesco and Nieto, Oriol and Serra, Xavier},
  journal = {Transactions of the International Society for Music Information Retrieval},
  volume = {1},
  number = {1},
  year = {2018}
})"},
    {"Ups and Downs", R"(@inproceedings{he2016ups,
  title = {Ups and Downs: Modeling the Visual Evolution of Fashion Trends with One-Class Collaborative Filtering},
  author = {He, Ruining and McAuley, Julian},
  booktitle = {Proceedings of the 25th International Conference on World Wide Web (WWW)},
  year = {2016}
})"},
    {"analysis of the GTZAN music genre dataset", R"(@inproceedings{sturm2012analysis,
  title = {An Analysis of the {GTZAN} Music Genre Dataset},
  author = {Sturm, Bob L.},
  booktitle = {Proceedings of the Second International ACM Workshop on Music Information Retrieval with User-Centered and Multimodal Strategies (MIRUM)},
  year = {2012}
})"},
    {"Kereliuk", R"(@article{kereliuk2015deep,
  title = {Deep Learning and Music Adversaries},
  author = {Kereliuk, Corey and Sturm, Bob L. and Larsen, Jan},
  journal = {IEEE Transactions on Multimedia},
  volume = {17},
  number = {11},
  year = {2015}
})"},
    {"Nadeau", R"(@article{nadeau2003inference,
  title = {Inference for the Generalization Error},
  author = {Nadeau, Claude and Bengio, Yoshua},
  journal = {Machine Learning},
  volume = {52},
  number = {3},
  pages = {239--281},
  year = {2003}
})"},
    {"Varma and Simon", R"(@article{varma2006bias,
  title = {Bias in Error Estimation When Using Cross-Validation for Model Selection},
  author = {Varma, Sudhir and Simon, Richard},
  journal = {BMC Bioinformatics},
  volume = {7},
  number = {91},
  year = {2006}
})"},
    {"HEAR: Holistic", R"(@inproceedings{turian2022hear,
  title = {{HEAR}: Holistic Evaluation of Audio Representations},
  author = {Turian, Joseph and Shier, Jordie and others},
  booktitle = {NeurIPS 2021 Competitions and Demonstrations Track},
  year = {2022}
})"},
    {"musicnn", R"(@inproceedings{pons2019musicnn,
  title = {{musicnn}: Pre-Trained Convolutional Neural Networks for Music Audio Tagging},
  author = {Pons, Jordi and Serra, Xavier},
  booktitle = {Late-Breaking/Demo of the 20th International Society for Music Information Retrieval Conference (ISMIR)},
  year = {2019}
})"},
    {"libsvm", R"(@article{chang2011libsvm,
  title = {{LIBSVM}: A Library for Support Vector Machines},
  author = {Chang, Chih-Chung and Lin, Chih-Jen},
  journal = {ACM Transactions on Intelligent Systems and Technology},
  volume = {2},
  number = {3},
  year = {2011}
})"},
    {"PyTorch", R"(@inproceedings{paszke2019pytorch,
  title = {{PyTorch}: An Imperative Style, High-Performance Deep Learning Library},
  author = {Paszke, Adam and Gross, Sam and Massa, Francisco and others},
  booktitle = {Advances in Neural Information Processing Systems 32},
  year = {2019}
})"},
};

}  // namespace musicrep
