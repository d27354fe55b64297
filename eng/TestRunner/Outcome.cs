namespace Moldau.TestRunner;

internal enum Outcome
{
    Passed,
    Failed,
    Skipped,
}
