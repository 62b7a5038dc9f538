// The compiler silently ignores an unknown feature name in Package.swift; these lines make a typo a build error.
#if !hasFeature(ExistentialAny)
#error("ExistentialAny is off")
#endif
#if !hasFeature(InternalImportsByDefault)
#error("InternalImportsByDefault is off")
#endif
#if !hasFeature(MemberImportVisibility)
#error("MemberImportVisibility is off")
#endif
#if !hasFeature(NonisolatedNonsendingByDefault)
#error("NonisolatedNonsendingByDefault is off")
#endif
#if !hasFeature(InferIsolatedConformances)
#error("InferIsolatedConformances is off")
#endif
#if !hasFeature(ImmutableWeakCaptures)
#error("ImmutableWeakCaptures is off")
#endif
