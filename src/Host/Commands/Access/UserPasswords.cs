using System.CommandLine;
using Moldau.Client.Admin;
using Moldau.Host.Commands.Output;

namespace Moldau.Host.Commands.Access;

/// <summary><c>moldau user set</c>: through a broker, or into the data folder of one that has not started yet.</summary>
internal static class UserPasswords
{
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("USER") { Description = "Whose password" };
        var mechanism = new Option<string>("--mechanism") { Description = "For which mechanism", HelpName = string.Join('|', AccessArguments.Mechanisms.Select(static word => word.Word)), DefaultValueFactory = static _ => "SCRAM-SHA-512" };
        var file = new Option<string?>("--password-file") { Description = "Where the password is: a file's first line, '-' for standard input; else a person is asked", HelpName = "FILE" };
        var iterations = new Option<int>("--iterations") { Description = $"How often it is hashed, {UserAdmin.FewestIterations} to {UserAdmin.MostIterations}", DefaultValueFactory = static _ => UserAdmin.FewestIterations };
        var data = new Option<string?>("--data") { Description = "Write into this data folder instead, of a broker that does not run: the first administrator, before the first start", HelpName = "DIR" };
        var config = new Option<string?>("--config") { Description = "With --data, the file of settings that the broker starts with", HelpName = "FILE" };
        return new ClusterVerb(terminal, "set", "Gives a user a password, new or another", name, mechanism, file, iterations, data, config).Does(
            async (client, parsed, cancellation) =>
            {
                var request = Read(terminal, parsed.GetValue(name)!, parsed.GetValue(mechanism)!, parsed.GetValue(file), parsed.GetValue(iterations));
                if (parsed.GetValue(data) is { } folder) await OfflineUsers.SetAsync(folder, parsed.GetValue(config), request).ConfigureAwait(false);
                else await client.Users.SetPasswordAsync(request.User, request.Mechanism, request.Password, request.Iterations, cancellation).ConfigureAwait(false);
                await terminal.Output.WriteLineAsync($"set: password of {request.User} for {parsed.GetValue(mechanism)}").ConfigureAwait(false);
                return ExitCode.Done;
            });
    }

    private static NewPassword Read(Terminal terminal, string user, string mechanism, string? file, int iterations)
    {
        if (iterations is < UserAdmin.FewestIterations or > UserAdmin.MostIterations) throw new MisuseException($"--iterations takes {UserAdmin.FewestIterations} to {UserAdmin.MostIterations}, not {iterations}");
        var password = file is null ? terminal.AskSecret?.Invoke($"password of {user}: ") : FirstLine(terminal, file);
        if (password is null) throw new MisuseException("no password: --password-file FILE says where it is, '-' is standard input");
        if (password.Length == 0) throw new MisuseException("the password is empty");
        return new NewPassword(user, AccessArguments.Of(AccessArguments.Mechanisms, mechanism, "mechanism"), password, iterations);
    }

    private static string? FirstLine(Terminal terminal, string file)
    {
        try
        {
            using var reader = file == "-" ? new StreamReader(terminal.Input) : new StreamReader(file);
            return reader.ReadLine();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new MisuseException($"--password-file {file} cannot be read: {failure.Message}");
        }
    }
}
