using System.Globalization;

namespace Moldau.Compatibility.Clients.Security;

/// <summary>One attempt of a share consumer: somebody enters by a mechanism, as a member of a group, and reads a topic.</summary>
/// <param name="Outcome">What is to come of it: read, denied group, denied topic or refused.</param>
internal sealed record SharingCell(string Protocol, string Mechanism, string Column, string Secret, string Group, string Topic, string Outcome)
{
    public string Line(int number, string address) =>
        string.Create(CultureInfo.InvariantCulture, $"{number}\t{address}\t{Protocol}\t{Mechanism}\t{SecuredSharing.User}\t{Secret}\t{Group}\t{Topic}");

    public override string ToString() => $"{Protocol}, {Mechanism}, {Column}";
}
