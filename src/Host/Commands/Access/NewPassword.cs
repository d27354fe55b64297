using Moldau.Client.Admin;

namespace Moldau.Host.Commands.Access;

/// <summary>A password that a user is given. No record: its text must not show it.</summary>
internal sealed class NewPassword(string user, ScramMechanism mechanism, string password, int iterations)
{
    public string User => user;

    public ScramMechanism Mechanism => mechanism;

    public string Password => password;

    public int Iterations => iterations;
}
