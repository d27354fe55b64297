namespace Moldau.Testing.Faults;

internal enum FaultKind
{
    Fail,
    Cut,
    Delay,
    Lose,
    Silence,
}
