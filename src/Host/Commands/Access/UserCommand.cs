using System.CommandLine;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Access;

/// <summary><c>moldau user</c>: users who prove themselves by a password (SCRAM).</summary>
internal static class UserCommand
{
    public static Command Create(Terminal terminal) => new("user", "Lists users, gives them passwords, deletes them")
    {
        List(terminal),
        UserPasswords.Create(terminal),
        Delete(terminal),
    };

    private static Command List(Terminal terminal)
    {
        var names = new Argument<string[]>("USER") { Description = "Only these", Arity = ArgumentArity.ZeroOrMore };
        var format = FormatOption.CreateFull();
        return new ClusterVerb(terminal, "list", "Lists users and the mechanisms they have passwords for", names, format).Does(async (client, parsed, cancellation) =>
        {
            var users = await client.Users.ListAsync(parsed.GetValue(names), cancellation).ConfigureAwait(false);
            var listing = new Listing(new("USER", "user"), new("MECHANISM", "mechanism"), new("ITERATIONS", "iterations"));
            foreach (var user in users)
            {
                foreach (var one in user.Value ?? []) listing.Add(one.User, AccessArguments.WordOf(AccessArguments.Mechanisms, one.Mechanism), one.Iterations);
            }

            listing.Write(terminal.Output, parsed.GetValue(format));
            return Failures.Report(terminal, users);
        });
    }

    private static Command Delete(Terminal terminal)
    {
        var name = new Argument<string>("USER") { Description = "Whose passwords" };
        var mechanism = new Option<string?>("--mechanism") { Description = "Only the password for this one", HelpName = string.Join('|', AccessArguments.Mechanisms.Select(static word => word.Word)) };
        var yes = Consent.Option();
        return new ClusterVerb(terminal, "delete", "Takes a user's passwords away; connections that are open stay", name, mechanism, yes).Does(async (client, parsed, cancellation) =>
        {
            var user = parsed.GetValue(name)!;
            var known = (await client.Users.ListAsync([user], cancellation).ConfigureAwait(false))[0].Get();
            var meant = parsed.GetValue(mechanism) is { } word ? AccessArguments.Of(AccessArguments.Mechanisms, word, "mechanism") : default;
            var credentials = known.Where(one => meant == default || one.Mechanism == meant).ToList();
            if (credentials.Count == 0) throw new InvalidOperationException($"user {user} has no password for {parsed.GetValue(mechanism)}");
            foreach (var one in credentials) await terminal.Error.WriteLineAsync($"to delete: password of {user} for {AccessArguments.WordOf(AccessArguments.Mechanisms, one.Mechanism)}").ConfigureAwait(false);
            if (!Consent.Get(terminal, parsed.GetValue(yes), $"Take {(credentials.Count == 1 ? "it" : "them")} away?")) return ExitCode.Failed;
            foreach (var one in credentials)
            {
                await client.Users.DeleteAsync(user, one.Mechanism, cancellation).ConfigureAwait(false);
                await terminal.Output.WriteLineAsync($"deleted: password of {user} for {AccessArguments.WordOf(AccessArguments.Mechanisms, one.Mechanism)}").ConfigureAwait(false);
            }

            return ExitCode.Done;
        });
    }
}
