// C-SVC and epsilon-SVR with RBF or linear kernels.
#include "probe/fit.h"

namespace musicrep {

extern const Probe svm = {.name = "svm",
                          .title = "support vector machine",
                          .parameter = "C",
                          .has_kernels = true,
                          .fit_predict = fit_predict,
                          .fit_tags = fit_tags_svm};

}  // namespace musicrep
