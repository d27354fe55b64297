namespace Moldau.Host.Commands.Doctor;

internal enum Severity
{
    Ok,

    /// <summary>It works, and there is a reason to change it.</summary>
    Warn,

    /// <summary>It does not work, or loses something.</summary>
    Fail,
}
