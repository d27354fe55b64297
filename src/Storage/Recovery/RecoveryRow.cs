namespace Moldau.Storage.Recovery;

/// <summary>The rows of the decision table in docs/internals/recovery.md, by their names there.</summary>
public enum RecoveryRow
{
    W1, W2, W3, W4, W5, W6, W7, W8, W9, W10,
    F1, F2, F3, F4, F5, F6, F7, F8, F9,
    T1, T2, T3, T4, T5, T6,
    C1, C2,
}
