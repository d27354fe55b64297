namespace Moldau.Compatibility.Clients.Security;

/// <summary>One attempt of a client: somebody enters by a mechanism and writes to a topic.</summary>
/// <param name="Outcome">What is to come of it: entered, denied or refused.</param>
internal sealed record SecurityCell(string Mechanism, string Column, string User, string Secret, string Topic, string Outcome)
{
    public override string ToString() => $"{Mechanism}, {Column}";
}
