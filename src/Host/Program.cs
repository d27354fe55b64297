using Moldau.Host.Commands;

return new CommandRunner(Console.Out, Console.Error).Run(args);
