namespace Moldau.TestRunner;

internal enum RunKind
{
    /// <summary>The inner loop: unit tests, no other process.</summary>
    Fast,

    /// <summary>What CI and a newcomer run.</summary>
    Full,

    /// <summary>The full counts of random and endurance tests.</summary>
    Long,
}
