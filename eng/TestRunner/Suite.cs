namespace Moldau.TestRunner;

/// <summary>One run of one test executable.</summary>
/// <param name="Name">As the report calls it.</param>
/// <param name="Program">The executable's path.</param>
/// <param name="Arguments">Which of its tests to run.</param>
/// <param name="Environment">Variables it gets besides those of this process.</param>
/// <param name="Deadline">When it is killed, and the tests that were running are named.</param>
/// <param name="Prepare">What must be done before it can run.</param>
internal sealed record Suite(
    string Name,
    string Program,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    TimeSpan Deadline,
    Action? Prepare = null);
